import { expect, test } from 'vitest'
import { questionArguments } from '../../../../src-main/core/constraints/sql/question-arguments.ts'

const text = 'SELECT 1 FROM t'

/** The arguments of a question, with `?` for its SQL, or why there can be none. */
function asked(args: Record<string, unknown>, schema: unknown = {}): unknown {
  const made = questionArguments(args, text, schema)
  return typeof made === 'function' ? made('?') : made.why
}

const words = 'Toolgate asks what the names in a statement stand for'

test.each<[args: Record<string, unknown>, asked: Record<string, unknown>]>([
  [{ sql: text }, { sql: '?' }],
  [{ query: text, limit: 10, params: [1, { a: text }], export: null }, { query: '?' }],
  [
    { query: text, project_id: 'abcdef', databaseName: 'shop' },
    { query: '?', project_id: 'abcdef', databaseName: 'shop' },
  ],
  [
    { sql: text, db: 7, schema: 'public' },
    { sql: '?', db: 7, schema: 'public' },
  ],
  [
    { sql: text, database_path: '/data/shop.db' },
    { sql: '?', database_path: '/data/shop.db' },
  ],
  [
    { sql: text, explanation: 'because I want to' },
    { sql: '?', explanation: words },
  ],
  [{ params: { sql: text, projectId: 'p', limit: 3 } }, { params: { sql: '?', projectId: 'p' } }],
  [{ queries: [text] }, { queries: ['?'] }],
  [{ queries: [{ sql: text, reason: 'x' }], timeout: 3 }, { queries: [{ sql: '?', reason: words }] }],
])('%j asks with %j', (args, expected) => {
  expect(asked(args)).toEqual(expected)
})

test.each<[args: Record<string, unknown>, key: string]>([
  [{ sql: text, export_to: '/home/x/overwritten.txt' }, 'export_to'],
  [{ sql: text, output_file: 'a.csv' }, 'output_file'],
  [{ sql: text, commit: true }, 'commit'],
  [{ sql: text, name: 'nightly' }, 'name'],
  [{ sql: text, database: 'x; DROP TABLE y' }, 'database'],
  [{ sql: text, database: 'file:shop.db?mode=rwc' }, 'database'],
  [{ sql: text, database: { path: 'x' } }, 'database'],
  [{ sql: text, database: 'x'.repeat(301) }, 'database'],
  [{ sql: text, database: true }, 'database'],
  [{ sql: text, source_file: '/etc/passwd' }, 'source_file'],
  [{ input: { sql: text, save_as: 'view' } }, 'save_as'],
  [{ input: { sql: text, more: { sql: text } } }, 'more'],
  [{ queries: [text, 'SELECT 2'] }, 'queries'],
  [{ sql: text, options: { sql: 'SELECT 2' } }, 'options'],
])('%j cannot be asked for `%s`', (args, key) => {
  expect(asked(args)).toContain(`: \`${key}\` may choose another database, or do something by itself; leave it out`)
})

test('what the tool wants and a question does not hold is no question', () => {
  const schema = { properties: { input: { required: ['sql', 'timeout'] } }, required: ['sql', 'limit'] }
  expect(asked({ sql: text, limit: 10 }, schema)).toContain('without `limit`, which the tool wants')
  expect(asked({ sql: text }, schema)).toEqual({ sql: '?' })
  expect(asked({ input: { sql: text, timeout: 9 } }, schema)).toContain('without `timeout`, which the tool wants')
  expect(asked({ sql: text, reason: 'x' }, { required: ['reason'] })).toEqual({ sql: '?', reason: words })
})
