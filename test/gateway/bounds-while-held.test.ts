import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ApprovalView } from '../../shared/approval.ts'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import { instancePaths } from '../../src-main/host/paths.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'

/** What happens to the bounds of a call while a person has it before them: a real client, a real server with a real database. */
let gateway: TestGateway
let folder: string
afterEach(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Seed 002's file about the tool, with what it wants people to be told of. */
const toolFile = `tool: db.write_query
constraints:
  blocked_tables: [secrets]
audit:
  alert_on: [blocked_table_attempt]
`

/** Puts another policy into force. */
async function change(rules: string, id: string): Promise<void> {
  writeFileSync(join(gateway.paths.policy, 'rules.yaml'), simplePolicy(rules))
  await until(async () => JSON.stringify(await gateway.core.handlers['policy.show']({}, person)).includes(id))
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5))
}

async function begin(rules = '') {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-')))
  const profile = join(folder, 'profile')
  const { policy } = instancePaths(profile)
  mkdirSync(policy, { recursive: true, mode: 0o700 })
  writeFileSync(join(policy, 'write-query.yaml'), toolFile)
  gateway = await startGateway({ profile, policy: simplePolicy(rules) })
  const env = { SQL_CALLS: join(folder, 'calls.log'), SQL_HELD: join(folder, 'held') }
  await gateway.addServer('db', 'sqlite-server', env, { dialect: 'sqlite' })
  const client = gateway.connect('db')
  await client.initialize()
  return client
}

type Arrived = { name: string; arguments: Record<string, unknown> }

/** What reached the server: of each call its arguments, and `asks` in place of the SQL of a question about its schema. */
function arrived(): Record<string, unknown>[] {
  const file = join(folder, 'calls.log')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return lines.map((line) => {
    const { sql, ...others } = (JSON.parse(line) as Arrived).arguments
    return { ...others, sql: String(sql).includes('sqlite_master') ? 'asks' : sql }
  })
}

/** Allows a call with other SQL, which must be refused; gives the reason. */
async function refusedEdit({ id, shown_hash }: ApprovalView, sql: string): Promise<string> {
  const answer = { id, answer: 'approve' as const, shown_hash, reason: '', edited: JSON.stringify({ sql }) }
  try {
    await gateway.core.handlers['approvals.answer'](answer, person)
    return 'allowed'
  } catch (error) {
    return (error as Error).message
  }
}

const events = (name: string) => gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === name)
const closed = () =>
  gateway
    .entries()
    .filter((entry): entry is StoredEntry & CallEntry => entry.kind === 'call' && entry.state === 'closed')

test('trying an edit changes nothing about the call that waits, and tells nobody of a bound that it would break', async () => {
  const client = await begin()
  const asked = client.call('write_query', { sql: 'SELECT 1 AS one' })
  const view = await gateway.pending('write_query')
  expect(await refusedEdit(view, 'SELECT * FROM secrets')).toContain('`blocked_tables`, set by `')
  await gateway.answer(view, 'deny')
  expect((await asked).outcome).toBe('APPROVAL_DENIED')
  expect(events('alert.raised')).toEqual([])
  expect(closed().at(-1)?.constraint_results).toMatchObject([{ bound: 'blocked_tables', result: 'held' }])
  // As a call of its own it is one that people want to hear of.
  expect((await client.call('write_query', { sql: 'SELECT * FROM secrets' })).outcome).toBe('CONSTRAINT_VIOLATED')
  expect(events('alert.raised')).toHaveLength(1)
})

test('nothing of a call reaches the server before a person allowed it, nor when they try an edit, nor after a no', async () => {
  const client = await begin()
  const asked = client.call('write_query', { sql: 'SELECT id FROM people', limit: 5, database: 'main' })
  const view = await gateway.pending('write_query')
  expect(await refusedEdit(view, 'DELETE FROM secrets')).toContain('blocked table')
  await gateway.answer(view, 'deny')
  expect((await asked).outcome).toBe('APPROVAL_DENIED')
  expect(arrived()).toEqual([])
  expect(events('database.asked')).toEqual([])
  // What only the database can say is not recorded as seen.
  expect(closed().at(-1)).not.toHaveProperty('constraint_results')
})

test('after a yes the database is asked, without what the agent sent but for which database it is, and then the call goes out', async () => {
  const client = await begin()
  const sent = { sql: 'SELECT id FROM people WHERE id = 1', limit: 5, database: 'main' }
  const asked = client.call('write_query', sent)
  await gateway.answer(await gateway.pending('write_query'), 'approve')
  expect((await asked).text).toBe('[{"id":1}]')
  expect(arrived()).toEqual([{ database: 'main', sql: 'asks' }, { database: 'main', sql: 'asks' }, sent])
  expect(events('database.asked')).toHaveLength(2)
  expect(gateway.states('write_query').filter((state) => state.startsWith('held'))).toHaveLength(1)
  expect(closed().at(-1)?.constraint_results).toMatchObject([
    { bound: 'blocked_tables', result: 'held', detail: 'its SQL was read as sqlite, and its database asked' },
  ])
})

test('what the database says then is not carried past by the yes', async () => {
  const client = await begin()
  const asked = client.call('write_query', { sql: 'SELECT note FROM notes' })
  await gateway.answer(await gateway.pending('write_query'), 'approve')
  expect(await asked).toMatchObject({
    outcome: 'CONSTRAINT_VIOLATED',
    text: expect.stringContaining('reads `secrets`'),
  })
  expect(arrived().every(({ sql }) => sql === 'asks')).toBe(true)
  expect(gateway.states('write_query')).toEqual([
    'decided REQUIRE_APPROVAL',
    'held',
    'answered approved',
    'decided DENY CONSTRAINT_VIOLATED',
    'closed blocked CONSTRAINT_VIOLATED',
  ])
  expect(closed().at(-1)?.constraint_results).toMatchObject([{ bound: 'blocked_tables', result: 'refused' }])
  expect(events('alert.raised')).toHaveLength(1)
})

test('a call with arguments of which nobody knows what they do is refused, and nobody is asked about it', async () => {
  const client = await begin()
  for (const more of [{ export_to: '/home/x/overwritten.txt' }, { database: 'a b' }, { options: { deep: 1 } }]) {
    const [name] = Object.keys(more)
    expect(await client.call('write_query', { sql: 'SELECT id FROM people', ...more })).toMatchObject({
      outcome: 'CONSTRAINT_VIOLATED',
      text: expect.stringContaining(`\`${name}\` may choose another database, or do something by itself; leave it out`),
    })
  }
  expect(arrived()).toEqual([])
  expect(events('alert.raised')).toEqual([])
  // One that names no table needs no question.
  const asked = client.call('write_query', { sql: 'SELECT 1 AS one', export_to: '/tmp/x' })
  await gateway.answer(await gateway.pending('write_query'), 'approve')
  expect((await asked).outcome).toBe('ok')
})

test('a rule that comes while the database is asked is not overtaken, whether a person allowed the call or policy did', async () => {
  const reads = `  - { id: bounded-reads, match: { labels: { mcp.tool: read_query } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { blocked_tables: [secrets] } }\n`
  const client = await begin(reads)
  let rules = reads
  for (const tool of ['read_query', 'write_query']) {
    const before = arrived().length
    writeFileSync(join(folder, 'held'), '')
    const asked = client.call(tool, { sql: 'SELECT id FROM people' })
    if (tool === 'write_query') await gateway.answer(await gateway.pending(tool), 'approve')
    await until(() => arrived().length > before)
    // Only what is added tightens, and is in force at once.
    rules += `  - { id: no-${tool}, match: { labels: { mcp.tool: ${tool} } }, decision: DENY }\n`
    await change(rules, `no-${tool}`)
    rmSync(join(folder, 'held'))
    expect((await asked).outcome).toBe('POLICY_DENIED')
    expect(closed().at(-1)).toMatchObject({ tool_name: tool, policy_decision: 'DENY', rule_ids: [`no-${tool}`] })
  }
  expect(arrived().every(({ sql }) => sql === 'asks')).toBe(true)
})

test('a rule that comes meanwhile and changes nothing about the call asks no person again', async () => {
  const client = await begin()
  writeFileSync(join(folder, 'held'), '')
  const asked = client.call('write_query', { sql: 'SELECT id FROM people WHERE id = 1' })
  await gateway.answer(await gateway.pending('write_query'), 'approve')
  await until(() => arrived().length > 0)
  const other = '  - { id: no-other, match: { labels: { mcp.tool: other } }, decision: DENY }\n'
  await change(other, 'no-other')
  rmSync(join(folder, 'held'))
  expect((await asked).text).toBe('[{"id":1}]')
  expect(gateway.states('write_query').filter((state) => state.startsWith('held'))).toHaveLength(1)
})
