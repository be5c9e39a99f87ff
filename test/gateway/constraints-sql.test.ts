import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let log: string
afterEach(() => gateway.close())

const bounded = (id: string, constraints: string, labels = 'mcp.server: db') =>
  `  - { id: ${id}, match: { labels: { ${labels} } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { ${constraints} } }\n`

/** A client of a server with a real SQLite database; `dialect` null: nobody has said that it speaks SQLite. */
async function begin(rules: string[], { dialect = 'sqlite' as 'sqlite' | null, says = '' } = {}): Promise<RawClient> {
  gateway = await startGateway({ policy: simplePolicy(rules.join('')) })
  log = join(gateway.folder, 'sql.log')
  const env = { SQL_LOG: log, SQL_SAYS: says }
  await gateway.addServer('db', 'sqlite-server', env, dialect ? { dialect } : {})
  const client = gateway.connect('db')
  await client.initialize()
  return client
}

const query = (client: RawClient, sql: string) => client.call('read_query', { sql })
/** The SQL that arrived, without what Toolgate itself asked the database. */
const arrived = () =>
  existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.includes('sqlite_master'))
    : []
const closed = () =>
  gateway
    .entries()
    .filter((entry): entry is StoredEntry & CallEntry => entry.kind === 'call' && entry.state === 'closed')

test('`read_only`: reading passes, what writes never arrives; a tool without SQL is judged by its review', async () => {
  const client = await begin([bounded('look', 'read_only: true')])
  expect(await query(client, 'SELECT id FROM people')).toEqual({ outcome: 'ok', text: '[{"id":1},{"id":2},{"id":3}]' })
  const refused = await query(client, 'DELETE FROM users')
  expect(refused.outcome).toBe('CONSTRAINT_VIOLATED')
  expect(refused.text).toMatch(/the call breaks a bound that policy sets: `read_only`, set by `look`: /)
  expect((await query(client, 'SELECT 1; DROP TABLE users')).outcome).toBe('CONSTRAINT_VIOLATED')
  expect((await client.call('list_notes')).outcome).toBe('ok')
  expect((await client.call('write_query', { note: 'x' })).text).toContain('this was reviewed as `write`')
  expect(arrived()).toEqual(['"SELECT id FROM people"'])
  expect(
    closed().map(({ outcome, reason_code, constraint_results }) => [outcome, reason_code, constraint_results?.[0]]),
  ).toMatchObject([
    [
      'executed_with_constraints',
      undefined,
      { bound: 'read_only', rule: 'look', result: 'held', detail: 'its SQL was read as sqlite' },
    ],
    ['blocked', 'CONSTRAINT_VIOLATED', { bound: 'read_only', result: 'refused' }],
    ['blocked', 'CONSTRAINT_VIOLATED', { bound: 'read_only', result: 'refused' }],
    ['executed_with_constraints', undefined, { result: 'held', detail: 'it was reviewed as `read`' }],
    ['blocked', 'CONSTRAINT_VIOLATED', { result: 'refused' }],
  ])
})

test('nobody is asked about a call that breaks a bound', async () => {
  const client = await begin([bounded('look', 'read_only: true', 'mcp.tool: write_query')])
  expect((await client.call('write_query', { sql: 'DELETE FROM users' })).outcome).toBe('CONSTRAINT_VIOLATED')
  const asked = client.call('write_query', { sql: 'SELECT 1 AS one' })
  await gateway.answer(await gateway.pending('write_query'), 'approve')
  expect(await asked).toEqual({ outcome: 'ok', text: '[{"one":1}]' })
  expect(gateway.states('write_query').filter((state) => state === 'held')).toHaveLength(1)
})

test('`blocked_tables`: neither they nor a view of them are read, and what the database was asked is on record', async () => {
  const client = await begin([
    bounded('closed', 'blocked_tables: [secrets]'),
    bounded('more', 'blocked_tables: main.orders'),
  ])
  for (const sql of [
    'SELECT * FROM secrets',
    'SELECT note FROM notes',
    'SELECT 1 FROM "Secrets" AS u',
    'SELECT * FROM orders',
  ]) {
    expect(await query(client, sql)).toMatchObject({
      outcome: 'CONSTRAINT_VIOLATED',
      text: expect.stringContaining('`blocked_tables`'),
    })
  }
  expect(await query(client, 'SELECT name FROM people WHERE id = 2')).toEqual({
    outcome: 'ok',
    text: '[{"name":"Bo"}]',
  })
  expect(arrived()).toEqual(['"SELECT name FROM people WHERE id = 2"'])
  const asked = gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'database.asked')
  expect(asked.at(-1)).toMatchObject({ detail: { server: 'db', tool: 'read_query' } })
})

test('`require_where_clause`: SQL says which rows', async () => {
  const client = await begin([bounded('which', 'require_where_clause: true')])
  expect((await query(client, 'SELECT * FROM users')).outcome).toBe('CONSTRAINT_VIOLATED')
  expect((await query(client, 'SELECT * FROM users WHERE 1 = 1')).outcome).toBe('CONSTRAINT_VIOLATED')
  expect((await query(client, 'SELECT id FROM users WHERE id = 1')).text).toBe('[{"id":1}]')
  expect(arrived()).toHaveLength(1)
})

test('`max_rows`: SQL must say how many, and an answer with more is cut; then it need not be countable', async () => {
  const client = await begin([bounded('few', 'max_rows: 2')])
  expect((await query(client, 'SELECT id FROM users')).text).toContain('LIMIT 2')
  expect((await query(client, 'SELECT id FROM users LIMIT 5')).outcome).toBe('CONSTRAINT_VIOLATED')
  expect((await query(client, 'SELECT id FROM users LIMIT 2')).text).toBe('[{"id":1},{"id":2}]')
  await gateway.close()
  const plain = await begin([bounded('few', 'max_rows: 2')], { says: 'plain' })
  expect((await query(plain, "SELECT id, '(' || name || ')' FROM users LIMIT 2")).text).toBe('1 (Ada)\n2 (Bo)')
})

test('without a dialect, SQL under bounds is refused, and how to set it is said; rows are counted in the answer', async () => {
  const client = await begin(
    [
      bounded('look', 'read_only: true', 'mcp.tool: read_query'),
      bounded('closed', 'blocked_tables: secrets', 'mcp.tool: write_query'),
      bounded('few', 'max_rows: 2', 'mcp.tool: list_notes'),
    ],
    { dialect: null },
  )
  for (const tool of ['read_query', 'write_query']) {
    expect(await client.call(tool, { sql: 'SELECT 1' })).toMatchObject({
      outcome: 'CONSTRAINT_UNENFORCEABLE',
      text: expect.stringContaining('toolgate servers set db --sql-dialect'),
    })
  }
  expect((await client.call('list_notes')).outcome).toBe('ok')
  expect(arrived()).toEqual([])
})

test('review proposes the argument with the SQL where it can only be one, and nothing beside it passes for SQL', async () => {
  const client = await begin([bounded('look', 'read_only: true')])
  const proposed = async () =>
    Object.fromEntries((await gateway.approveServer('db')).map(({ tool }) => [tool.name, tool.sql_argument]))
  expect(await proposed()).toEqual({ read_query: 'sql', write_query: 'sql', list_notes: null })
  for (const beside of [{ query: 'SELECT 1' }, { command: 'sp_who' }, { run: '# x\nTABLE secrets' }]) {
    expect(await client.call('read_query', { sql: 'SELECT 1 AS one', ...beside })).toMatchObject({
      outcome: 'CONSTRAINT_VIOLATED',
      text: expect.stringContaining(
        `\`${Object.keys(beside)[0]}\` may be SQL, and the tool as it was reviewed takes none there`,
      ),
    })
  }
  expect((await client.call('read_query', { query: 'SELECT 1 AS one' })).outcome).toBe('CONSTRAINT_VIOLATED')
  expect((await client.call('list_notes', { sql: 'SELECT 1 AS one' })).outcome).toBe('CONSTRAINT_VIOLATED')
  expect(arrived()).toEqual([])
  expect((await query(client, 'SELECT 1 AS one')).text).toBe('[{"one":1}]')
  await gateway.close()
  // What `query` of a server is of which nobody said that it speaks SQL, is not known.
  await begin([], { dialect: null })
  expect(Object.values(await proposed())).toEqual([null, null, null])
})

test('a bound on SQL for a call that holds none is refused', async () => {
  const client = await begin([bounded('closed', 'blocked_tables: secrets')])
  expect(await client.call('list_notes')).toMatchObject({
    outcome: 'CONSTRAINT_UNENFORCEABLE',
    text: expect.stringContaining('holds no SQL that could be checked'),
  })
})

test('all bounds at once, of several rules, each with what it did', async () => {
  const client = await begin([
    bounded('look', 'read_only: true, max_rows: 50'),
    bounded('few', 'max_rows: 2, mask_fields: [email], max_runtime_sec: 30, max_retries: 1, max_bytes: 4000'),
    bounded(
      'which',
      'require_where_clause: true, blocked_tables: secrets, rate_limit: { max_calls: 2, per_sec: 3600, by: tool }',
    ),
  ])
  const sql = 'SELECT id, email FROM users WHERE id > 0 LIMIT 2'
  expect((await query(client, sql)).text).toBe('[{"id":1,"email":"[masked]"},{"id":2,"email":"[masked]"}]')
  const [last] = closed().slice(-1)
  expect(last?.constraint_results?.map(({ bound, rule, result }) => `${bound} ${rule} ${result}`).toSorted()).toEqual([
    'blocked_tables which held',
    'mask_fields few masked',
    'max_bytes few held',
    'max_retries few held',
    'max_rows look, few held',
    'max_runtime_sec few held',
    'rate_limit which held',
    'read_only look held',
    'require_where_clause which held',
  ])
  expect(last?.constraints).toMatchObject({ max_rows: 2 })
})
