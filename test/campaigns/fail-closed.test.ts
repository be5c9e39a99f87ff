import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openDatabase } from '../../src-main/core/store/database.ts'
import { fakeClock } from '../fakes/clock.ts'
import { testFolder } from '../fakes/folder.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { orderComplaints, recordedCalls, verifyComplaints } from './audit-trail.ts'
import { reachedServer } from './reached.ts'

// One test per sentence of "Fail closed, in writing": the call is not made, or its result not delivered. What an audit that
// cannot be written does has a file of its own.

let gateway: TestGateway
let log: string

const reached = () => reachedServer(log).length

afterEach(async () => {
  expect(orderComplaints(recordedCalls(gateway.paths.database, []))).toEqual([])
  expect(verifyComplaints(gateway.paths)).toEqual([])
  await gateway.close()
})

/** A gateway with the notes server, and a client that is connected to it. */
async function begin(options: Parameters<typeof startGateway>[0] = {}): Promise<RawClient> {
  gateway = await startGateway({ policy: simplePolicy(), ...options })
  log = join(testFolder(), 'calls.log')
  await gateway.addServer('notes', 'notes-server', { NOTES_LOG: log })
  const client = gateway.connect('notes')
  await client.initialize()
  return client
}

test('no policy: what was in force is lost from its record, and what the files say waits for a person', async () => {
  const profile = join(testFolder(), 'profile')
  const before = await startGateway({ profile, policy: simplePolicy() })
  await before.stop()
  const db = openDatabase(before.paths.database)
  db.prepare(
    "INSERT INTO policy_snapshots (hash, files, author, reason, in_force_at) VALUES ('0', 'x', '', '', '')",
  ).run()
  db.close()
  const client = await begin({ profile })
  expect((await client.call('read_note')).outcome).toBe('POLICY_MISSING')
  expect(reached()).toBe(0)
})

const rules = (gateway_: TestGateway) => join(gateway_.paths.policy, 'rules.yaml')
const broken: [what: string, write: (file: string) => void][] = [
  ['is not YAML', (file) => writeFileSync(file, 'version: v1\nrules: [')],
  ['has an unknown key', (file) => writeFileSync(file, `${simplePolicy()}surprise: yes\n`)],
  ['has a condition that cannot be', (file) => writeFileSync(file, simplePolicy(condition('args.text >')))],
  ['is not text', (file) => writeFileSync(file, Buffer.from([0x76, 0xff, 0xfe]))],
  ['is empty', (file) => writeFileSync(file, '')],
  ['is a folder', (file) => mkdirSync(file)],
  [
    'can be changed by everybody',
    (file) => {
      writeFileSync(file, simplePolicy())
      chmodSync(file, 0o666)
    },
  ],
]

function condition(when: string): string {
  return `  - { id: when, match: { labels: { mcp.tool: read_note } }, when: '${when}', decision: ALLOW }\n`
}

test.for(broken)('unreadable policy from the start: the file %s', async ([_what, write]) => {
  const profile = join(testFolder(), 'profile')
  mkdirSync(join(profile, 'policy'), { recursive: true, mode: 0o700 })
  write(join(profile, 'policy', 'rules.yaml'))
  const client = await begin({ profile, policy: undefined as never })
  expect((await client.call('read_note')).outcome).toBe('POLICY_MISSING')
  expect(reached()).toBe(0)
})

test.for(broken)('unreadable policy later: the file %s, and what was in force stays', async ([_what, write]) => {
  const client = await begin()
  rmSync(rules(gateway))
  write(rules(gateway))
  await expect
    .poll(async () => (await gateway.core.handlers['policy.show']({}, person)).problems.length, { timeout: 20_000 })
    .toBeGreaterThan(0)
  expect((await client.call('delete_note')).outcome).toBe('POLICY_DENIED')
  expect((await client.call('read_note')).outcome).toBe('ok')
  expect(reached()).toBe(1)
})

test.for([
  ['that compares what cannot be compared', 'args.text > 5', { text: 'word' }],
  ['that asks for what is not there', 'args.missing == 1', {}],
  ['that divides by zero', '1 / int(args.text) == 1', { text: '0' }],
  ['that is not a truth', 'args.text', { text: 'word' }],
] as const)('an erroring condition %s, although another rule allows the call', async ([_what, when, args]) => {
  const client = await begin({ policy: simplePolicy(condition(when)) })
  expect((await client.call('read_note', args)).outcome).toMatch(/^POLICY_(ERROR|MISSING)$/)
  expect((await client.call('leak_read')).outcome).toMatch(/^(ok|POLICY_MISSING)$/)
  expect(reachedServer(log).filter((call) => call.includes('read_note'))).toEqual([])
})

test.for([
  ['the caller is told to come back when it cannot wait longer', { hold_sec: 0.1 }, 'APPROVAL_PENDING'],
  ['it is denied at the deadline', { expires_sec: 0.1 }, 'APPROVAL_EXPIRED'],
] as const)('an unanswered approval: %s', async ([_what, settings, outcome]) => {
  const client = await begin({ settings })
  expect((await client.call('write_note')).outcome).toBe(outcome)
  expect(reached()).toBe(0)
})

test('an unknown server, although policy allows every read', async () => {
  await begin()
  const stranger = gateway.connect('stranger')
  await stranger.initialize()
  expect((await stranger.call('read_note')).outcome).toBe('SERVER_UNKNOWN')
  expect(reached()).toBe(0)
})

test('a changed definition, although policy allows every read', async () => {
  const file = join(testFolder(), 'tools.json')
  const tool = { name: 'read_note', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }
  writeFileSync(file, JSON.stringify([tool]))
  gateway = await startGateway({ policy: simplePolicy() })
  log = join(testFolder(), 'calls.log')
  await gateway.addServer('notes', 'notes-server', { NOTES_LOG: log, NOTES_TOOLS: file })
  writeFileSync(file, JSON.stringify([{ ...tool, description: 'now with more' }]))
  const client = gateway.connect('notes')
  await client.initialize()
  expect((await client.call('read_note')).outcome).toBe('TOOL_CHANGED')
  expect(reached()).toBe(0)
})

const odd = (id: string, result: string | Buffer) =>
  Buffer.concat([Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":`), Buffer.from(result), Buffer.from('}')])

test.for<[what: string, answer: (id: string) => Buffer]>([
  ['is not UTF-8', (id) => odd(id, Buffer.from([0x22, 0xff, 0x22]))],
  ['two parsers read differently', (id) => odd(id, '{},"result":{"content":[{"type":"text","text":"private"}]}')],
  ['hides a second line', (id) => odd(id, '{"content":[\r{"private":1}]}')],
  ['is cut off', (id) => Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{"content":["private"`)],
  ['has neither result nor error', (id) => Buffer.from(`{"jsonrpc":"2.0","id":${id},"private":1}`)],
])('a result that cannot be scanned because it %s is not delivered', async ([_what, answer]) => {
  gateway = await startGateway({ policy: simplePolicy() })
  log = join(testFolder(), 'calls.log')
  await gateway.addServer('odd', 'odd-server', { ODD_LOG: log })
  const client = gateway.connect('odd')
  await client.initialize()
  const params = { name: 'read_odd', arguments: { answer: answer('9').toString('base64') } }
  client.write(JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/call', params }))
  const line = (await client.line((candidate) => candidate.includes('"id":9'))).toString()
  expect(line).toContain('RESULT_WITHHELD')
  expect(client.lines.map(String).join('\n')).not.toContain('private')
})

test('a result that cannot be scanned because it is longer than the limit is not delivered', async () => {
  const client = await begin({ settings: { max_message_bytes: 65_536 } })
  // The server quotes what it got, so that each quotation mark takes twice the room on its way back.
  const answer = await client.call('read_note', { text: '"'.repeat(20_000) })
  expect(answer.outcome).toBe('RESULT_WITHHELD')
  expect(answer.text).not.toContain('did')
})

test('a clock that goes back does not give back an approval that had run out, nor break the record', async () => {
  const clock = fakeClock(Date.UTC(2026, 10, 21, 12))
  const client = await begin({ ports: { clock } })
  const wait = client.call('write_note', { text: 'x' })
  await gateway.pending('write_note')
  clock.advance(50_000)
  expect((await wait).outcome).toBe('APPROVAL_PENDING')
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  clock.advance(11 * 60_000)
  const retry = client.call('write_note', { text: 'x' })
  await gateway.pending('write_note')
  clock.advance(50_000)
  expect((await retry).outcome).toBe('APPROVAL_PENDING')
  await gateway.answer(await gateway.pending('write_note'), 'deny')

  clock.setWall(Date.UTC(2026, 10, 21, 12, 2))
  const again = client.call('write_note', { text: 'x' }).then(({ outcome }) => outcome)
  const held = gateway.pending('write_note').then(() => 'held')
  expect(await Promise.race([again, held])).toBe('held')
  expect(reached()).toBe(0)
  expect((await client.call('read_note')).outcome).toBe('ok')
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  await again
})
