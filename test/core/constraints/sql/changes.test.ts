import { afterAll, expect, test } from 'vitest'
import { dialects } from '../../../../src-main/core/constraints/sql/dialects.ts'
import { readingThread } from '../../../../src-main/core/constraints/sql/reading-thread.ts'

const thread = readingThread()
afterAll(thread.close)

/** Statements that change rows, where no rule says `read_only`: what passes and what does not. */
const passes = [
  'INSERT INTO orders (id) VALUES (1)',
  'UPDATE orders SET total = 1 WHERE id = 2',
  'DELETE FROM orders WHERE id = 2',
  'INSERT INTO orders (id) SELECT id FROM items WHERE id = 1',
]
const refused: [string, string | null][] = [
  ['DELETE FROM orders', 'require_where_clause'],
  ['UPDATE orders SET total = 1', 'require_where_clause'],
  ['UPDATE orders SET total = 1 WHERE 1 = 1', 'require_where_clause'],
  ['INSERT INTO orders (id) SELECT id FROM items', 'require_where_clause'],
  ['DELETE FROM secrets WHERE id = 1', 'blocked_tables'],
  ['INSERT INTO secrets (id) VALUES (1)', 'blocked_tables'],
  ['UPDATE orders SET total = (SELECT id FROM secrets WHERE id = 1) WHERE id = 2', 'blocked_tables'],
  ['INSERT INTO orders (id) VALUES (purge_orders())', null],
  ['DELETE FROM orders WHERE id = purge_orders()', null],
  ['UPDATE orders SET total = 1 WHERE id = 2; DELETE FROM orders WHERE id = 3', null],
  ['DROP TABLE orders', null],
  ['CREATE TABLE x (a int)', null],
  ['TRUNCATE TABLE orders', null],
  ['GRANT ALL ON orders TO x', null],
]

test.each(dialects)('%s: where changes may be made, they keep to the other bounds', async (dialect) => {
  const bounds = { require_where_clause: true, blocked_tables: ['secrets'] }
  const found = async (sql: string) => ({ sql, verdict: await thread.read(sql, dialect, bounds) })
  for (const sql of passes) expect(await found(sql)).toMatchObject({ sql, verdict: { ok: true } })
  for (const [sql, bound] of refused) expect(await found(sql)).toMatchObject({ sql, verdict: { ok: false, bound } })
  for (const sql of [...passes, ...refused.map(([text]) => text)])
    expect(await thread.read(sql, dialect, { ...bounds, read_only: true }), sql).toMatchObject({ ok: false })
})

test('PostgreSQL: what a change gives back are rows too, and each change in `WITH` says which', async () => {
  const read = (sql: string, bounds = {}) => thread.read(sql, 'postgresql', bounds)
  const returning = 'DELETE FROM orders WHERE id = 1 RETURNING *'
  expect(await read(returning)).toMatchObject({ ok: true })
  expect(await read(returning, { max_rows: 5 })).toMatchObject({ ok: false, bound: 'max_rows' })
  const gone = 'WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone WHERE id = 1'
  expect(await read(gone, { require_where_clause: true })).toMatchObject({ ok: false, bound: 'require_where_clause' })
  const upsert = 'INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET total = 2'
  expect(await read(upsert, { require_where_clause: true })).toMatchObject({ ok: true })
})
