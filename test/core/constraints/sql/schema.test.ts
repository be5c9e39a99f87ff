import Database from 'better-sqlite3'
import { beforeAll, expect, test } from 'vitest'
import type { Dialect } from '../../../../src-main/core/constraints/sql/dialects.ts'
import { type AskDatabase, whatIsRead } from '../../../../src-main/core/constraints/sql/schema.ts'
import { ensurePeers } from '../../../e2e/compatibility/install.ts'
import { startPostgres } from '../../../fakes/postgres.ts'

beforeAll(() => ensurePeers(), 300_000)

type Rows = (sql: string) => Promise<unknown[]>

/** A database behind a server that hands over all rows, and what each answer held. */
function whole(rows: Rows) {
  const answers: number[] = []
  const ask: AskDatabase = async (sql) => {
    const found = await rows(sql)
    answers.push(found.length)
    return JSON.stringify({ content: [{ type: 'text', text: JSON.stringify(found) }], structuredContent: { found } })
  }
  return { ask, answers }
}

/** A server that leaves out one row of one of its answers. */
function leavingOut(rows: Rows, round: number, row: number): AskDatabase {
  let asked = 0
  return async (sql) => {
    const found = await rows(sql)
    return JSON.stringify(asked++ === round ? found.filter((_, at) => at !== row) : found)
  }
}

async function reads(tables: string[][], dialect: Dialect, rows: Rows) {
  const { ask, answers } = whole(rows)
  const read = await whatIsRead(tables, dialect, ask)
  const passed: string[] = []
  for (const [round, count] of answers.entries()) {
    for (let row = 0; row < count; row++) {
      const partial = whatIsRead(tables, dialect, leavingOut(rows, round, row))
      await partial.then(
        () => passed.push(`${row} of ${round}`),
        () => {},
      )
    }
  }
  return { names: read.map((name) => name.join('.')), answers, passed }
}

function sqlite(schema: string): Rows {
  const database = new Database(':memory:')
  database.exec(schema)
  return async (sql) => database.prepare(sql).all()
}

const sqliteSchema = `
  CREATE TABLE secrets (word TEXT);
  CREATE TABLE orders (id INTEGER);
  CREATE TEMP TABLE orders (id INTEGER);
  CREATE VIEW hints AS SELECT word FROM secrets;
  CREATE VIEW "both" AS SELECT orders.id, hints.word FROM orders, hints;
  CREATE VIEW e AS SELECT id FROM "é";
  CREATE VIEW "é" AS SELECT word AS id FROM secrets;
`

test('SQLite: views are followed to the tables behind them, and an answer in which a row is missing is none', async () => {
  const rows = sqlite(sqliteSchema)
  const { names, answers, passed } = await reads([['both']], 'sqlite', rows)
  expect(names).toEqual(expect.arrayContaining(['both', 'orders', 'hints', 'secrets']))
  expect(answers.length).toBeGreaterThan(2)
  expect(passed).toEqual([])
  expect(await reads([['main', 'orders'], ['hints']], 'sqlite', rows)).toMatchObject({ passed: [] })
})

test('SQLite: names that differ in an accent are two', async () => {
  const { names } = await reads([['e'], ['orders']], 'sqlite', sqlite(sqliteSchema))
  expect(names).toContain('secrets')
})

test('SQLite: what somebody named must be there, and in this file', async () => {
  const { ask } = whole(sqlite(sqliteSchema))
  for (const name of [['nowhere'], ['other', 'orders']])
    await expect(whatIsRead([['orders'], name], 'sqlite', ask)).rejects.toThrow('does not say what')
})

test('PostgreSQL: what is read comes in one row for each name, and none may be missing', {
  timeout: 120_000,
}, async () => {
  const postgres = await startPostgres(`
    CREATE TABLE secrets (word text);
    CREATE TABLE orders (id int) PARTITION BY RANGE (id);
    ${Array.from({ length: 60 }, (_, n) => `CREATE TABLE orders_${n} PARTITION OF orders FOR VALUES FROM (${n}) TO (${n + 1});`).join('\n')}
    CREATE VIEW hints AS SELECT word FROM secrets;
    CREATE VIEW "Both" AS SELECT id, word FROM orders, hints;
    CREATE FUNCTION told() RETURNS text LANGUAGE sql AS 'SELECT word FROM secrets LIMIT 1';
    CREATE VIEW told_by AS SELECT told();
    CREATE VIEW behind AS SELECT * FROM told_by, orders;
  `)
  try {
    const { names, answers, passed } = await reads(
      [['hints'], ['public', 'Both'], ['orders_7']],
      'postgresql',
      postgres.rows,
    )
    expect(names).toEqual(
      expect.arrayContaining(['public.secrets', 'public.hints', 'public.orders', 'public.orders_59']),
    )
    expect({ answers, passed }).toEqual({ answers: [3], passed: [] })
    for (const name of ['behind', 'told_by', 'nowhere', 'both'])
      await expect(whatIsRead([['hints'], [name]], 'postgresql', whole(postgres.rows).ask), name).rejects.toThrow(
        'does not say',
      )
  } finally {
    await postgres.close()
  }
})

/** An answer that says these kinds of the names, in lines as MySQL and SQL Server make them. */
const saying =
  (...kinds: [number, string][]): AskDatabase =>
  async (sql) => {
    const mark = /tg\d+/.exec(sql)?.[0]
    return kinds.map(([index, kind]) => `${mark}x${index}x${kind}xx${mark}`).join('\n')
  }

test.each(['mysql', 'tsql'] as const)('%s: each name needs its line, and only one', async (dialect) => {
  const told = (ask: AskDatabase) => whatIsRead([['orders'], ['shop', 'items']], dialect, ask)
  expect(await told(saying([0, 'table'], [1, 'table']))).toEqual([['orders'], ['shop', 'items']])
  expect(await told(saying([0, 'table'], [1, 'table'], [1, 'table']))).toHaveLength(2)
  for (const ask of [
    saying(),
    saying([0, 'table']),
    saying([1, 'table']),
    saying([0, 'table'], [1, 'unknown']),
    saying([0, 'table'], [1, 'table'], [1, 'unknown']),
    async () => null,
  ])
    await expect(told(ask)).rejects.toThrow('the database does not say')
})

test('SQL Server: an object of another database is none that this one knows of', async () => {
  const asked: string[] = []
  const ask: AskDatabase = async (sql) => {
    asked.push(sql)
    return saying([0, 'table'], [1, 'table'])(sql)
  }
  await whatIsRead(
    [
      ['dbo', 'orders'],
      ['shop', 'dbo', 'orders'],
    ],
    'tsql',
    ask,
  )
  const shop = Buffer.from('shop', 'utf16le').toString('hex')
  // Which is the database that is meant is told by its number, as the server compares names of databases.
  expect(asked[0]).toMatch(/\(0, .*, CONVERT\(nvarchar\(400\), NULL\)\)/)
  expect(asked[0]).toMatch(new RegExp(`\\(1, .*, CONVERT\\(nvarchar\\(400\\), 0x${shop}\\)\\)`))
  expect(asked[0]).toContain('AND (v.db IS NULL OR DB_ID(v.db) = DB_ID())')
})
