import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
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

async function begin() {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-')))
  const profile = join(folder, 'profile')
  const { policy } = instancePaths(profile)
  mkdirSync(policy, { recursive: true, mode: 0o700 })
  writeFileSync(join(policy, 'write-query.yaml'), toolFile)
  gateway = await startGateway({ profile, policy: simplePolicy() })
  await gateway.addServer('db', 'sqlite-server', {}, { dialect: 'sqlite' })
  const client = gateway.connect('db')
  await client.initialize()
  return client
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
