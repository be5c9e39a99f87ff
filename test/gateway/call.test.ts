import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type HeadMark, readHeadMark } from '../../src-main/core/audit/head-mark.ts'
import { proofFiles } from '../../src-main/core/audit/outside.ts'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient
let log: string

const reached = () => readFileSync(log, 'utf8').split('\n').filter(Boolean)

async function begin(options: Parameters<typeof startGateway>[0] = {}) {
  gateway = await startGateway({ policy: simplePolicy(), ...options })
  log = join(gateway.folder, 'calls.log')
  writeFileSync(log, '')
  await gateway.addServer('notes', 'notes-server', { NOTES_LOG: log }, { repeatable: ['flaky_read'] })
  client = gateway.connect('notes')
}

beforeEach(() => {
  log = ''
})
afterEach(async () => {
  await gateway.close()
})

test('allowed, denied and asked: what the client gets, what reaches the server, what is recorded', async () => {
  await begin()
  await client.initialize()
  expect(await client.call('read_note', { text: 'a' })).toEqual({ outcome: 'ok', text: 'read_note did {"text":"a"}' })
  const denied = await client.call('delete_note')
  expect(denied.outcome).toBe('POLICY_DENIED')
  expect(denied.text).toContain('deny-destructive')
  const asked = client.call('write_note', { text: 'b' })
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  expect((await asked).outcome).toBe('ok')
  expect(reached()).toEqual(['read_note {"text":"a"}', 'write_note {"text":"b"}'])
  expect([gateway.states('read_note'), gateway.states('delete_note'), gateway.states('write_note')]).toEqual([
    ['decided ALLOW', 'forwarding', 'closed executed'],
    ['decided DENY POLICY_DENIED', 'closed blocked POLICY_DENIED'],
    [
      'decided REQUIRE_APPROVAL',
      'held',
      'answered approved',
      'decided REQUIRE_APPROVAL',
      'forwarding',
      'closed executed',
    ],
  ])
})

test('a denied answer reaches the agent with its reason', async () => {
  await begin()
  await client.initialize()
  const asked = client.call('write_note', {})
  await gateway.answer(await gateway.pending('write_note'), 'deny', 'use the other file')
  expect(await asked).toMatchObject({ outcome: 'APPROVAL_DENIED', text: expect.stringContaining('use the other file') })
  expect(reached()).toEqual([])
})

test('identical calls share one request, and one answer covers exactly those that were shown', async () => {
  await begin()
  await client.initialize()
  const calls = [client.call('write_note', { text: 'x' }), client.call('write_note', { text: 'x' })]
  let view = await gateway.pending('write_note')
  while (view.waiting < 2) view = await gateway.pending('write_note')
  const other = client.call('write_note', { text: 'y' })
  while ((await gateway.core.handlers['approvals.list']({}, { name: 'terminal', present: true, pid: 1 })).length < 2)
    await new Promise(setImmediate)
  await expect(gateway.answer({ ...view, shown_hash: 'f'.repeat(64) }, 'approve')).rejects.toThrow(
    'no longer what you were shown',
  )
  await gateway.answer(view, 'approve')
  expect((await Promise.all(calls)).map(({ outcome }) => outcome)).toEqual(['ok', 'ok'])
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await other).outcome).toBe('APPROVAL_DENIED')
  expect(reached()).toHaveLength(2)
})

test('who waits too long is told to retry, and a late yes is worth exactly one run of exactly that call', async () => {
  await begin({ settings: { hold_sec: 0.05 } })
  await client.initialize()
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('APPROVAL_PENDING')
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  expect((await client.call('write_note', { text: 'other' })).outcome).toBe('APPROVAL_PENDING')
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('ok')
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('APPROVAL_PENDING')
  expect(reached()).toEqual(['write_note {"text":"x"}'])
})

test('a late yes is not worth anything to another client', async () => {
  await begin({ settings: { hold_sec: 0.05 } })
  await client.initialize()
  await client.call('write_note', { text: 'x' })
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  const other = gateway.connect('notes')
  await other.initialize()
  expect((await other.call('write_note', { text: 'x' })).outcome).toBe('APPROVAL_PENDING')
})

test('nobody answers: the call expires and is denied', async () => {
  await begin({ settings: { expires_sec: 0.05 } })
  await client.initialize()
  expect((await client.call('write_note')).outcome).toBe('APPROVAL_EXPIRED')
  expect(reached()).toEqual([])
})

test('cancelling a held call ends its request; the server never hears of it', async () => {
  await begin()
  await client.initialize()
  client.write('{"jsonrpc":"2.0","id":77,"method":"tools/call","params":{"name":"write_note","arguments":{}}}')
  const view = await gateway.pending('write_note')
  client.notify('notifications/cancelled', { requestId: 77 })
  await expect.poll(() => gateway.states('write_note').at(-1)).toBe('closed cancelled CALL_CANCELLED')
  await expect(gateway.answer(view, 'approve')).rejects.toThrow('no request')
  expect(reached()).toEqual([])
})

test('a tool that runs longer than policy allows is cancelled', async () => {
  const extra =
    '  - { id: quick, match: { labels: { mcp.tool: slow_read } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_runtime_sec: 1 } }\n'
  await begin({ policy: simplePolicy(extra) })
  await client.initialize()
  expect((await client.call('slow_read')).outcome).toBe('RUNTIME_EXCEEDED')
  expect(gateway.states('slow_read').at(-1)).toBe('closed failed RUNTIME_EXCEEDED')
})

test('a repeatable tool is tried again within max_retries, each attempt recorded; another is not', async () => {
  const extra =
    '  - { id: retry, match: { labels: { mcp.tool: "*_read" } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_retries: 2 } }\n'
  await begin({ policy: simplePolicy(extra) })
  await client.initialize()
  expect(await client.call('flaky_read')).toEqual({ outcome: 'ok', text: 'after 3 tries' })
  expect(gateway.states('flaky_read')).toEqual([
    'decided ALLOW_WITH_CONSTRAINTS',
    'forwarding',
    'forwarding',
    'forwarding',
    'closed executed_with_constraints',
  ])
})

test('a constraint that cannot be enforced denies, and says so', async () => {
  const extra =
    '  - { id: net, match: { labels: { mcp.tool: read_note } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { network_allowlist: [api.example.com] } }\n'
  await begin({ policy: simplePolicy(extra), path: '/nowhere' })
  await client.initialize()
  expect(await client.call('read_note')).toMatchObject({
    outcome: 'CONSTRAINT_UNENFORCEABLE',
    text: expect.stringContaining('network_allowlist'),
  })
  expect(reached()).toEqual([])
})

test('secrets in a result are masked and recorded; a result that two parsers read differently is withheld', async () => {
  await begin()
  await client.initialize()
  expect((await client.call('leak_read')).text).toBe('the key is [masked: github-token] ok')
  const closed = gateway.entries().filter((entry) => entry.kind === 'call' && entry.state === 'closed')
  expect(closed).toMatchObject([
    { dlp_result: 'masked', findings: [{ rule: 'github-token', count: 1, where: 'result' }] },
  ])
  expect((await client.call('garble_read')).outcome).toBe('RESULT_WITHHELD')
})

test('a server that ends during a call: the caller hears of it, and the next call has a new one', async () => {
  await begin()
  await client.initialize()
  expect((await client.call('crash_read')).outcome).toBe('SERVER_EXITED')
  expect((await client.call('read_note')).outcome).toBe('ok')
})

test('stopped: nothing runs, what waits is cancelled, and a person resumes it', async () => {
  await begin()
  await client.initialize()
  const waiting = client.request('tools/call', { name: 'write_note', arguments: {} })
  waiting.catch(() => {})
  await gateway.pending('write_note')
  const door = { name: 'terminal', present: true, pid: 1 } as const
  await gateway.core.handlers.stop({ reason: 'test' }, door)
  expect((await client.call('read_note')).outcome).toBe('STOPPED')
  expect(gateway.states('write_note').at(-1)).toContain('cancelled')
  await gateway.core.handlers.resume({}, door)
  expect((await client.call('read_note')).outcome).toBe('ok')
  expect(reached()).toEqual(['read_note {}'])
})

test('no call touches the profile, whatever policy says', async () => {
  await begin({
    policy: 'version: v1\nrules:\n  - { id: all, match: { labels: { mcp.server: "*" } }, decision: ALLOW }\n',
  })
  await client.initialize()
  const target = join(gateway.profile, 'policy', 'rules.yaml')
  expect((await client.call('write_note', { path: target })).outcome).toBe('PROTECTED_PATH')
  expect(
    (await client.request('resources/read', { uri: `file://${gateway.profile}/keys/control` })).error?.data?.code,
  ).toBe('PROTECTED_PATH')
  expect(reached()).toEqual([])
})

test('the person sees under which bounds the call will run, and the answer is bound to them', async () => {
  const extra =
    '  - { id: bounded, match: { labels: { mcp.tool: write_note } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_runtime_sec: 7 } }\n'
  await begin({ policy: simplePolicy(extra) })
  await client.initialize()
  const asked = client.call('write_note', {})
  const view = await gateway.pending('write_note')
  expect(view.constraints).toEqual({ max_runtime_sec: 7 })
  await gateway.answer(view, 'approve')
  expect((await asked).outcome).toBe('ok')
})

test.each([
  ['every', 'closed'],
  ['decisions', 'forwarding'],
] as const)(
  'with `flush_records: %s` a read is answered once the disk has its record up to: %s',
  async (mode, safe) => {
    await begin({ settings: { flush_records: mode } })
    await client.initialize()
    await client.call('read_note', { text: 'a' })
    const mark = () => readHeadMark(proofFiles(gateway.paths).head, null) as HeadMark
    const entries = gateway.core.audit.tail({ limit: 10 })
    const last = entries.find((entry) => entry.kind === 'call' && entry.state === safe)?.seq
    await expect.poll(() => mark().synced).toBe(last)
  },
)
