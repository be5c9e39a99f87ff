import { expect, test } from 'vitest'
import { sqlIn } from '../../../../src-main/core/constraints/sql/sql-in.ts'

const several = { why: expect.stringContaining('several') }
const noText = { why: expect.stringContaining('no text') }

test.each<[string, Record<string, unknown>, unknown]>([
  ['by its name', { sql: 'SELECT 1' }, 'SELECT 1'],
  ['by its name, whatever it says', { query: 'nothing that begins like SQL' }, 'nothing that begins like SQL'],
  ['in any case and spelling', { 'SQL-Statement': 'x', limit: 5 }, 'x'],
  ['one level below', { input: { sqlQuery: 'x' } }, 'x'],
  ['in a list', { statements: ['x'] }, 'x'],
  ['in a list one level below', { batch: [{ sql: 'x' }] }, 'x'],
  [
    'by how it begins',
    { command: '-- a\n/* b */ (WITH x AS (SELECT 1) SELECT 2)' },
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
  expect(sqlIn(args)).toEqual(expected)
})

test('with a name from review, that argument and no other', () => {
  expect(sqlIn({ command: 'x', sql: 'SELECT 1' }, 'command')).toBe('x')
  expect(sqlIn({ sql: 'SELECT 1' }, 'command')).toBeNull()
  expect(sqlIn({ sql: 'SELECT 1' }, 'toString')).toBeNull()
  expect(sqlIn({ command: { sql: 'x' } }, 'command')).toEqual(noText)
})

test('a long text that nearly looks like SQL takes no time', () => {
  const began = process.threadCpuUsage()
  for (const piece of ['/* */ ', '-- \n', '( ', '/*', '--\n(']) expect(sqlIn({ x: piece.repeat(200_000) })).toBeNull()
  const { user, system } = process.threadCpuUsage(began)
  expect((user + system) / 1000).toBeLessThan(2000)
})
