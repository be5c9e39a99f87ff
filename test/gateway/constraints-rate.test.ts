import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import type { Ports } from '../../src-main/core/ports.ts'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, tokenFor } from '../fakes/http-client.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let log: string
afterEach(() => gateway.close())

/** A rule that allows one tool so many times. */
const limited = (id: string, tool: string, rate: string, more = '') =>
  `  - { id: ${id}, match: { labels: { mcp.tool: ${tool} } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { rate_limit: ${rate}${more} } }\n`

async function begin(extra: string, ports: Partial<Ports> = {}, hold_sec = 30): Promise<RawClient> {
  gateway = await startGateway({ policy: simplePolicy(extra), ports, http: { port: 0 }, settings: { hold_sec } })
  log = join(gateway.folder, 'calls.log')
  writeFileSync(log, '')
  await gateway.addServer('notes', 'notes-server', { NOTES_LOG: log }, { repeatable: ['flaky_read'] })
  const client = gateway.connect('notes')
  await client.initialize()
  return client
}

const reached = () => readFileSync(log, 'utf8').split('\n').filter(Boolean).length

const closed = (tool: string) =>
  gateway
    .entries()
    .filter((entry): entry is StoredEntry & CallEntry => entry.kind === 'call' && entry.tool_name === tool)
    .filter(({ state }) => state === 'closed')

test('so many calls pass, the next is told which rule limits it and when to try again, and then it passes', async () => {
  const { clock, advance } = movedClock()
  const client = await begin(limited('slowly', 'read_note', '{ max_calls: 2, per_sec: 60, by: client }'), { clock })
  expect((await client.call('read_note')).outcome).toBe('ok')
  expect((await client.call('read_note')).outcome).toBe('ok')
  const { result } = await client.request('tools/call', { name: 'read_note', arguments: {} })
  const text = result?.content?.[0]?.text ?? ''
  expect(text).toMatch(
    /RATE_LIMITED.*`rate_limit`, set by `slowly`: at most 2 calls in 60 s for each client; try again in \d+ s/,
  )
  const seconds = Number(/try again in (\d+) s/.exec(text)?.[1])
  expect(result?._meta?.['dev.toolgate/refusal']).toMatchObject({ code: 'RATE_LIMITED', retry_after_sec: seconds })
  expect(reached()).toBe(2)
  expect(closed('read_note').map(({ outcome, constraint_results }) => [outcome, constraint_results])).toMatchObject([
    [
      'executed_with_constraints',
      [{ bound: 'rate_limit', rule: 'slowly', result: 'held', detail: expect.stringMatching(/^1 of 2 calls/) }],
    ],
    ['executed_with_constraints', [{ detail: expect.stringMatching(/^2 of 2 calls/) }]],
    ['blocked', [{ bound: 'rate_limit', rule: 'slowly', result: 'refused' }]],
  ])
  advance(seconds * 1000)
  expect((await client.call('read_note')).outcome).toBe('ok')
})

test('of calls that come at once no more than the limit reach the server', async () => {
  const client = await begin(limited('few', 'read_note', '{ max_calls: 5, per_sec: 3600, by: user }'))
  const calls = await Promise.all(Array.from({ length: 40 }, () => client.call('read_note')))
  const count = (outcome: string) => calls.filter((call) => call.outcome === outcome).length
  expect([count('ok'), count('RATE_LIMITED'), reached()]).toEqual([5, 35, 5])
})

test('a limit is about its client, its tool or its user, whatever door a call comes by, and about the calls of its rule', async () => {
  const per = (by: string) => `{ max_calls: 1, per_sec: 3600, by: ${by} }`
  const client = await begin(
    limited('each-client', 'read_note', per('client')) +
      limited('each-tool', '"l*_read"', per('tool')) +
      limited('each-user', 'flaky_read', per('user'), ', max_retries: 5'),
  )
  const { id, token } = await tokenFor(gateway.core)
  const other = await legacyClient(gateway.core.httpPort ?? 0, token, 'notes')
  expect(id).not.toBe('')
  const outcomes = async (tool: string) => [
    (await client.call(tool)).outcome,
    (await client.call(tool)).outcome,
    (await other.call(tool)).outcome,
    (await other.call(tool)).outcome,
  ]
  expect(await outcomes('read_note')).toEqual(['ok', 'RATE_LIMITED', 'ok', 'RATE_LIMITED'])
  expect(await outcomes('leak_read')).toEqual(['ok', 'RATE_LIMITED', 'RATE_LIMITED', 'RATE_LIMITED'])
  // Three attempts that count once: the limit of one is not reached by the second of them.
  expect(await client.call('flaky_read')).toEqual({ outcome: 'ok', text: 'after 3 tries' })
  expect((await other.call('flaky_read')).outcome).toBe('RATE_LIMITED')
})

test('the limits of all rules that match hold', async () => {
  const client = await begin(
    limited('ten', 'read_note', '{ max_calls: 10, per_sec: 60, by: client }') +
      limited('two', '"*_note"', '[{ max_calls: 2, per_sec: 3600, by: tool }, { max_calls: 9, per_sec: 1, by: user }]'),
  )
  const calls = []
  for (let i = 0; i < 3; i++) calls.push(await client.call('read_note'))
  expect(calls.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'RATE_LIMITED'])
  expect(calls[2]?.text).toContain('set by `two`: at most 2 calls in 3600 s for each tool')
})

test('nobody is asked about a call that is too many, and one that waited is checked again when it is let go', async () => {
  const client = await begin(limited('one', 'write_note', '{ max_calls: 1, per_sec: 3600, by: client }'))
  const asked = [client.call('write_note', { text: 'a' }), client.call('write_note', { text: 'b' })]
  const list = () => gateway.core.handlers['approvals.list']({}, { name: 'terminal', present: true, pid: 1 })
  await expect.poll(async () => (await list()).length).toBe(2)
  for (const view of await list()) await gateway.answer(view, 'approve')
  expect((await Promise.all(asked)).map(({ outcome }) => outcome).toSorted()).toEqual(['RATE_LIMITED', 'ok'])
  expect((await client.call('write_note', { text: 'c' })).outcome).toBe('RATE_LIMITED')
  expect(await list()).toEqual([])
  expect(reached()).toBe(1)
})

test('what is refused otherwise does not count, nor does a call that is cancelled while it waits', async () => {
  const client = await begin(limited('one', 'write_note', '{ max_calls: 1, per_sec: 3600, by: client }'))
  const denied = client.call('write_note', { text: 'no' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await denied).outcome).toBe('APPROVAL_DENIED')
  const target = join(gateway.profile, 'policy', 'rules.yaml')
  expect((await client.call('write_note', { path: target })).outcome).toBe('PROTECTED_PATH')
  const allowed = client.call('write_note', { text: 'yes' })
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  expect((await allowed).outcome).toBe('ok')
})

test('each rule counts the calls that it is about, and no other', async () => {
  const once = '{ max_calls: 1, per_sec: 3600, by: client }'
  const client = await begin(limited('a', 'read_note', once) + limited('b', 'leak_read', once))
  const calls = [await client.call('read_note'), await client.call('leak_read'), await client.call('read_note')]
  expect(calls.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'RATE_LIMITED'])
})

test('of two calls that one approval lets run, the one that comes too late does not count', async () => {
  const client = await begin(limited('two', 'write_note', '{ max_calls: 2, per_sec: 3600, by: client }'), {}, 0.05)
  const call = (text: string) => client.call('write_note', { text })
  expect((await call('a')).outcome).toBe('APPROVAL_PENDING')
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  expect((await Promise.all([call('a'), call('a')])).filter(({ outcome }) => outcome === 'ok')).toHaveLength(1)
  expect((await call('b')).outcome).toBe('APPROVAL_PENDING')
  const view = (await gateway.core.handlers['approvals.list']({}, { name: 'terminal', present: true, pid: 1 })).find(
    ({ arguments: args }) => args.includes('"b"'),
  )
  if (!view) throw new Error('it waits for nobody')
  await gateway.answer(view, 'approve')
  expect((await call('b')).outcome).toBe('ok')
})

test('a restart begins to count anew', async () => {
  const policy = simplePolicy(limited('one', 'read_note', '{ max_calls: 1, per_sec: 3600, by: client }'))
  const client = await begin(limited('one', 'read_note', '{ max_calls: 1, per_sec: 3600, by: client }'))
  expect([(await client.call('read_note')).outcome, (await client.call('read_note')).outcome]).toEqual([
    'ok',
    'RATE_LIMITED',
  ])
  await gateway.stop()
  const { profile } = gateway
  const again = await startGateway({ policy, profile })
  try {
    const fresh = again.connect('notes')
    await fresh.initialize()
    expect((await fresh.call('read_note')).outcome).toBe('ok')
  } finally {
    await again.stop()
  }
})
