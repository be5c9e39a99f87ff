import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Dialect } from '../../../../src-main/core/constraints/sql/dialects.ts'
import { readingThread } from '../../../../src-main/core/constraints/sql/reading-thread.ts'
import { ensurePeers } from '../../../e2e/compatibility/install.ts'
import { startPostgres } from '../../../fakes/postgres.ts'

const thread = readingThread()
beforeAll(() => ensurePeers(), 300_000)
afterAll(thread.close)

/** The tables that a statement is said to name; the name of a query in `WITH` is none, where it holds. */
async function tablesOf(sql: string, dialect: Dialect): Promise<string[] | string> {
  const verdict = await thread.read(sql, dialect, { blocked_tables: ['secrets'] })
  return verdict.ok ? [...new Set(verdict.tables.map((table) => table.join('.')))].toSorted() : verdict.why
}

const v = 'WITH v AS (SELECT 1 AS a)'

describe.each(['mysql', 'tsql', 'sqlite'] as const)('%s', (dialect) => {
  test.each([
    ['in another spelling', 'WITH V AS (SELECT 1 AS a) SELECT a FROM v'],
    ['behind its brackets', `(${v} SELECT a FROM v) UNION SELECT a FROM v`],
    ['behind several brackets', `((${v} SELECT a FROM v)) UNION ALL SELECT a FROM v`],
    ['behind brackets that are not the first', `SELECT 1 AS a UNION (${v} SELECT a FROM v) UNION SELECT a FROM v`],
    ['two queries further', `(${v} SELECT a FROM v) UNION SELECT 1 UNION SELECT a FROM v`],
    ['in the order of what stands in brackets', `(${v} SELECT a FROM v) ORDER BY (SELECT a FROM v)`],
    ['in the order of all', `(${v} SELECT a FROM v) UNION SELECT 1 ORDER BY (SELECT a FROM v)`],
    ['in a query in brackets', `SELECT a FROM ((${v} SELECT a FROM v) UNION SELECT a FROM v) AS t`],
    ['in a query with a name', `WITH x AS ((${v} SELECT a FROM v) UNION SELECT a FROM v) SELECT a FROM x`],
    ['beside the brackets', `SELECT a FROM (${v} SELECT a FROM v) AS t, v`],
  ])('a name in `WITH` does not hold %s', async (_, sql) => {
    const tables = await tablesOf(sql, dialect)
    // What the parser cannot read is refused as well.
    expect(tables).toEqual(typeof tables === 'string' ? expect.stringContaining('cannot be read') : ['v'])
  })

  test.each([
    `${v} SELECT a FROM v UNION SELECT a FROM v UNION ALL SELECT a FROM v`,
    `${v} SELECT a FROM v ORDER BY (SELECT a FROM v)`,
    `${v}, w AS (SELECT a FROM v UNION SELECT 2) SELECT a FROM w WHERE a IN (SELECT a FROM v)`,
    `(${v} SELECT a FROM v)`,
    `SELECT a FROM (${v} SELECT a FROM v) AS t`,
  ])('it holds in %s', async (sql) => {
    expect(await tablesOf(sql, dialect)).toEqual([])
  })
})

test.each<[Dialect, string, string[]]>([
  ['postgresql', `${v} UPDATE v SET a = a WHERE a = 1 RETURNING *`, ['v']],
  ['postgresql', `${v} DELETE FROM v WHERE a = 1`, ['v']],
  ['postgresql', `${v} INSERT INTO v (a) SELECT a FROM v`, ['v']],
  ['postgresql', `${v}, gone AS (DELETE FROM v WHERE a = 1 RETURNING *) SELECT a FROM gone, v`, ['v']],
  ['postgresql', `${v} UPDATE orders SET total = 1 FROM v WHERE id = v.a`, ['orders']],
  ['postgresql', `${v} DELETE FROM orders USING v WHERE id = v.a`, ['orders']],
  ['mysql', `${v} UPDATE v SET a = 2 WHERE a = 1`, ['v']],
  ['mysql', `${v} DELETE FROM v WHERE a = 1`, ['v']],
  ['mysql', `${v} DELETE FROM orders WHERE id IN (SELECT a FROM v)`, ['orders']],
  // SQL Server changes what the query reads.
  ['tsql', 'WITH v AS (SELECT a FROM orders WHERE a = 1) UPDATE v SET a = 2 WHERE a = 1', ['orders']],
])('%s: what is changed is no query in `WITH`: %s', async (dialect, sql, tables) => {
  expect(await tablesOf(sql, dialect)).toEqual(tables)
})

test('a change of all rows is not hidden by a name in `WITH`', async () => {
  const sql: [Dialect, string][] = [
    ['postgresql', 'WITH orders AS (SELECT 1) DELETE FROM orders'],
    ['postgresql', 'WITH orders AS (SELECT 1) UPDATE orders SET total = 1'],
    ['postgresql', 'WITH orders AS (SELECT 1), x AS (DELETE FROM orders RETURNING id) SELECT id FROM x WHERE id = 1'],
    ['mysql', 'WITH orders AS (SELECT 1) DELETE FROM orders'],
    ['mysql', 'WITH orders AS (SELECT 1) UPDATE orders SET total = 1'],
    ['tsql', 'WITH v AS (SELECT * FROM orders) UPDATE v SET total = 1 WHERE id = 1'],
  ]
  for (const [dialect, text] of sql) {
    const verdict = await thread.read(text, dialect, { require_where_clause: true })
    expect(verdict, text).toMatchObject({ ok: false, bound: 'require_where_clause' })
  }
})

test('PostgreSQL itself changes the table, whatever `WITH` says', { timeout: 120_000 }, async () => {
  const postgres = await startPostgres(`
    CREATE TABLE secrets (a int, word text);
    CREATE VIEW v AS SELECT a, word FROM secrets;
    INSERT INTO secrets VALUES (1, 'hush');
  `)
  try {
    const sql = `${v} UPDATE v SET a = 2 WHERE a = 1 RETURNING *`
    expect(await postgres.rows(sql)).toEqual([{ a: 2, word: 'hush' }])
    expect(await tablesOf(sql, 'postgresql')).toEqual(['v'])
  } finally {
    await postgres.close()
  }
})
