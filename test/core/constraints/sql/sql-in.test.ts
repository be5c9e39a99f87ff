import { describe, expect, test } from 'vitest'
import { sqlArgumentOf, sqlIn } from '../../../../src-main/core/constraints/sql/sql-in.ts'

const several = { why: expect.stringContaining('several') }
const noText = { why: expect.stringContaining('no text') }
const strange = (name: string) => ({ why: expect.stringContaining(`\`${name}\` may be SQL`) })
const text = { type: 'string' }

/** A schema that names what these arguments hold. */
function schemaOf(value: unknown): object {
  if (Array.isArray(value)) return { type: 'array', items: schemaOf(value[0]) }
  if (typeof value !== 'object' || value === null) return { type: typeof value }
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(value).map(([key, member]) => [key, schemaOf(member)])),
  }
}

const takes = (...names: string[]) => schemaOf(Object.fromEntries(names.map((name) => [name, ''])))
const found = (args: Record<string, unknown>, schema: unknown, named: string | null = null) =>
  sqlIn(args, { named, schema, spoken: true })

test.each<[string, Record<string, unknown>, unknown]>([
  ['by its name', { sql: 'SELECT 1' }, 'SELECT 1'],
  ['by its name, whatever it says', { query: 'nothing that begins like SQL' }, 'nothing that begins like SQL'],
  ['in any case and spelling', { 'SQL-Statement': 'x', limit: 5 }, 'x'],
  ['one level below', { input: { sqlQuery: 'x' } }, 'x'],
  ['in a list', { statements: ['x'] }, 'x'],
  ['in a list one level below', { batch: [{ sql: 'x' }] }, 'x'],
  [
    'by how it begins',
    { run: '-- a\n/* b */ (WITH x AS (SELECT 1) SELECT 2)' },
    '-- a\n/* b */ (WITH x AS (SELECT 1) SELECT 2)',
  ],
  ['the same twice', { sql: 'SELECT 1', query: 'SELECT 1' }, 'SELECT 1'],
  ['beside prose that begins like SQL', { sql: 'SELECT 1', description: 'Select all of them' }, 'SELECT 1'],
  ['none', { path: '/tmp', limit: 5, nested: { a: 1 } }, null],
  ['none in prose', { description: 'Select all of them' }, null],
  ['several that differ', { sql: 'SELECT 1', query: 'SELECT 2' }, several],
  ['several in a list', { queries: ['SELECT 1', 'DROP TABLE t'] }, several],
  ['another under an odd name', { sql: 'SELECT 1', run: 'DELETE FROM t' }, several],
  ['another one level below', { sql: 'SELECT 1', options: { after: 'drop table t' } }, several],
  ['something else than text', { sql: 5 }, noText],
  ['nothing', { sql: null }, null],
  ['an empty list', { sql: [] }, noText],
  ['a list in a list', { sql: [['SELECT 1']] }, noText],
])('finds SQL: %s', (_, args, expected) => {
  expect(sqlIn(args, { named: null, schema: schemaOf(args), spoken: true })).toEqual(expected)
  // Where nobody said which SQL a server speaks, nothing is read; that there is some, is seen all the same.
  expect(sqlIn(args, { named: null, schema: undefined, spoken: false })).toEqual(expected)
})

describe('only what the tool takes as it was reviewed is taken for its SQL', () => {
  test.each<[string, Record<string, unknown>, unknown, unknown]>([
    ['a decoy', { sql: 'SELECT 1', command: 'TABLE secrets' }, takes('command'), strange('sql')],
    ['a decoy alone', { query: 'SELECT 1' }, takes('command'), strange('query')],
    ['a decoy beside the SQL of the tool', { sql: 'SELECT 1', query: 'SELECT 1' }, takes('sql'), strange('query')],
    ['one below', { sql: 'SELECT 1', input: { sql: 'x' } }, takes('sql', 'input'), strange('input.sql')],
    ['one in a list', { sql: 'SELECT 1', more: [{ sql: 'x' }] }, takes('sql'), strange('more.sql')],
    ['one that only looks like it', { sql: 'SELECT 1', run: 'drop table t' }, takes('sql'), strange('run')],
    ['one too deep', { a: { b: { sql: 'x' } } }, schemaOf({ a: { b: { sql: '' } } }), strange('a.b.sql')],
    ['one of a tool of which nothing is known', { sql: 'SELECT 1' }, undefined, strange('sql')],
    ['one of a tool that takes anything', { sql: 'SELECT 1' }, { type: 'object' }, strange('sql')],
    ['one below in such a tool', { input: { sql: 'x' } }, { type: 'object' }, strange('input.sql')],
    ['what comes with every object', { constructor: 'SELECT 1' }, takes('sql'), strange('constructor')],
    ['what the schema forbids', { sql: 'x' }, { properties: { sql: false } }, strange('sql')],
    ['a script that says nothing', { sql: 'SELECT 1', script: 'sp_who' }, takes('sql', 'script'), several],
    ['a script alone', { command: 'sp_who' }, takes('command'), 'sp_who'],
  ])('%s', (_, args, schema, expected) => {
    expect(found(args, schema)).toEqual(expected)
  })

  test('however its schema is put together', () => {
    const inner = { type: 'object', properties: { sql: text } }
    for (const input of [
      { $ref: '#/$defs/a~1b' },
      { anyOf: [{ type: 'null' }, { $ref: '#/$defs/a~1b' }] },
      { allOf: [inner] },
      { type: 'array', items: { oneOf: [inner] } },
    ]) {
      const schema = { properties: { input }, $defs: { 'a/b': inner } }
      const args = { input: input.type === 'array' ? [{ sql: 'x' }] : { sql: 'x' } }
      expect(found(args, schema), JSON.stringify(input)).toBe('x')
    }
    const itself = { properties: { input: { $ref: '#' } }, anyOf: [{ $ref: '#' }, { $ref: '#/anyOf' }] }
    expect(found({ input: { sql: 'x' } }, itself)).toEqual(strange('input.sql'))
  })

  test('and nothing is hidden by how deep it stands', () => {
    let args: unknown = { sql: 'x' }
    for (let depth = 0; depth < 100_000; depth++) args = [args]
    expect(found({ a: args }, takes('a'))).toEqual(strange('a'))
  })
})

test.each([
  ...[
    'TABLE secrets',
    '# x\nDROP TABLE t',
    '#\r/* a */DROP TABLE t',
    '/* a /* b */ */ DROP TABLE t',
    '-- x\rDROP TABLE t',
  ],
  ...[
    '/* a /* b */ DROP TABLE t',
    '/*! DROP TABLE t */',
    '/*M!50000 DROP TABLE t */',
    '{call purge()}',
    '\u200b\ufeff drop table t',
  ],
  ...[
    'IF 1=1 DROP TABLE t',
    'if(1) drop table t',
    'RENAME TABLE a TO b',
    'REINDEX TABLE a',
    'HANDLER t READ FIRST',
    'use master',
  ],
  ...[
    'LOCK TABLES t WRITE',
    'WHILE 1=1 DROP TABLE t',
    'REFRESH MATERIALIZED VIEW v',
    'BEGIN',
    'declare @a int',
    'DO $$ x $$',
  ],
  ...[
    'CALL purge()',
    "EXEC xp_cmdshell 'dir'",
    'TABLE/**/secrets',
    'TABLE"secrets"',
    'START TRANSACTION; DROP TABLE t',
  ],
])('begins like SQL: %j', (sql) => {
  expect(found({ sql: 'SELECT 1', run: sql }, takes('sql', 'run'))).toEqual(several)
})

test.each([
  'table',
  'lock',
  'use',
  'tables',
  'iffy',
  'Refreshing it',
  '/* only a comment',
  '# A heading\nand a text',
  '#',
  '',
])('does not: %j', (said) => {
  expect(found({ sql: 'SELECT 1', run: said }, takes('sql', 'run'))).toBe('SELECT 1')
})

test('what may begin other texts as well counts only where SQL is spoken', () => {
  const args = { text: 'If it rains', command: 'ls' }
  expect(sqlIn(args, { named: null, schema: takes('text', 'command'), spoken: false })).toBeNull()
  expect(found({ text: 'If it rains' }, takes('text'))).toBe('If it rains')
})

test('with a name from review, that argument and no other', () => {
  const schema = takes('command', 'sql', 'params')
  expect(found({ command: 'x', sql: 'SELECT 1' }, schema, 'command')).toBe('x')
  expect(found({ command: 'x', params: [{ query: 'y' }, 'SELECT 1'] }, schema, 'command')).toBe('x')
  expect(found({ command: { sql: 'x' } }, schema, 'command')).toEqual(noText)
  expect(found({ other: 'x' }, schema, 'toString')).toBeNull()
  // Nothing says that a call without it holds none.
  expect(found({ sql: 'SELECT 1' }, schema, 'command')).toEqual({ why: expect.stringContaining('into `command`') })
  expect(found({ command: 'x', query: 'DROP TABLE t' }, schema, 'command')).toEqual(strange('query'))
  expect(sqlIn({ sql: 'SELECT 1' }, { named: 'command', schema, spoken: false })).toBeNull()
})

describe('the values of parameters', () => {
  const query = 'select a from t where b = $1'
  const list = { type: 'array', items: text }
  const takesValues = (name: string, values: unknown) => ({ properties: { query: text, [name]: values } })

  test.each<[string, unknown, unknown]>([
    ['params', list, ['Change request 5', 'use of force', 7]],
    ['params', { type: 'object' }, { title: 'Change request 5' }],
    ['query_params', { anyOf: [list, { type: 'null' }] }, ['If it rains']],
    ['parameters', { type: 'array', items: schemaOf({ type: '', value: '' }) }, [{ type: 'text', value: 'Table 4' }]],
    ['values', {}, 'Lock the door'],
  ])('are none of its texts, in `%s` of %j', (name, schema, values) => {
    expect(found({ query, [name]: values }, takesValues(name, schema))).toBe(query)
  })

  test('are some where they begin like nothing else', () => {
    expect(found({ query, params: ['drop table t'] }, takesValues('params', list))).toEqual(several)
  })

  test('are only what the tool takes as such', () => {
    expect(found({ query, params: ['TABLE secrets'] }, takes('query'))).toEqual(strange('params'))
    expect(found({ query, options: { params: ['TABLE secrets'] } }, takes('query'))).toEqual(strange('options.params'))
    const args = { params: { query, setup: 'TABLE secrets' } }
    expect(found(args, schemaOf(args))).toEqual(several)
  })
})

test('where a person can settle which argument holds the SQL, it is said how', () => {
  const how = { why: expect.stringContaining('`toolgate servers approve NAME --tool TOOL:sql_argument=…`') }
  const anything = { type: 'object' }
  expect(found({ sql: 'SELECT 1', run: 'drop table t' }, takes('sql', 'run'))).toEqual(how)
  expect(found({ sql: 'SELECT 1' }, anything)).toEqual(how)
  expect(found({ sql: 'SELECT 1' }, { ...anything, properties: {} })).toEqual(how)
  expect(found({ sql: 'SELECT 1' }, anything, 'sql')).toBe('SELECT 1')
  // These would be refused all the same.
  expect(found({ sql: ['SELECT 1', 'SELECT 2'] }, anything, 'sql')).not.toEqual(how)
  expect(found({ input: { sql: 'SELECT 1' } }, anything)).not.toEqual(how)
  expect(found({ sql: 'SELECT 1' }, { ...anything, additionalProperties: false })).not.toEqual(how)
  expect(found({ sql: 'SELECT 1', run: 'drop table t' }, anything, 'sql')).toEqual({
    why: expect.stringContaining('`run` may be SQL, and the tool as it was reviewed takes none there; leave it out'),
  })
})

test.each<[string, unknown, string | null]>([
  ['the only one', { properties: { sql: text } }, 'sql'],
  ['a command', { properties: { command: { type: ['string', 'null'] }, limit: { type: 'integer' } } }, 'command'],
  ['one beside a choice', { properties: { query: text, format: { enum: ['csv', 'json'] } } }, 'query'],
  ['one beside prose', { properties: { query: text, explanation: text } }, 'query'],
  ['one that need not be', { properties: { q: { anyOf: [text, { type: 'null' }] }, page: { type: 'number' } } }, 'q'],
  ['one beside values', { properties: { query: text, params: { type: 'array', items: text } } }, 'query'],
  ['one beside named values', { properties: { sql: text, queryParameters: { type: 'object' } } }, 'sql'],
  ['one beside what other arguments are in', { properties: { query: text, params: takes('sql') } }, null],
  ['two', { properties: { sql: text, script: text } }, null],
  ['one beside a text that may be another', { properties: { sql: text, after: text } }, null],
  ['one beside what may hold another', { properties: { sql: text, options: { type: 'object' } } }, null],
  ['one beside what may be anything', { properties: { sql: text, options: {} } }, null],
  ['an object', { properties: { query: { type: 'object' } } }, null],
  ['a text of another name', { properties: { table_name: text } }, null],
  ['one of what more belongs to', { properties: { sql: text }, allOf: [{ properties: { query: text } }] }, null],
  ['nothing', undefined, null],
])('the argument that alone can hold SQL: %s', (_, schema, name) => {
  expect(sqlArgumentOf(schema)).toBe(name)
})

test('a long text that nearly looks like SQL takes no time', () => {
  const began = process.threadCpuUsage()
  for (const piece of ['/* */ ', '-- \n', '( ', '/*', '--\n(', '#\n', '/*/*', '*/', '/*!', '# \r'])
    expect(found({ x: piece.repeat(200_000) }, {})).toEqual(piece === '/*!' ? strange('x') : null)
  const { user, system } = process.threadCpuUsage(began)
  expect((user + system) / 1000).toBeLessThan(2000)
})
