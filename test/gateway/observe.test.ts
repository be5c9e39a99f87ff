import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import type { ObserveScope } from '../../shared/observe.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient
afterEach(() => gateway.close())

const app = { name: 'app', present: false, pid: null } as const
/** How far the wall clock is ahead; durations go on as they do. */
let ahead = 0
const clock = { ...systemClock, now: () => systemClock.now() + ahead }
const day = 86_400_000

async function begin(profile?: string): Promise<void> {
  ahead = 0
  gateway = await startGateway({ policy: simplePolicy(), ports: { clock }, ...(profile ? { profile } : {}) })
  if (!profile) await gateway.addServer('notes', 'notes-server')
  client = gateway.connect('notes')
  await client.initialize()
}

const { start, stop, show } = {
  start: (scope: ObserveScope, days = 7) =>
    gateway.core.handlers['observe.start']({ scope, days, reason: 'trying it out' }, person),
  stop: (scope: ObserveScope) => gateway.core.handlers['observe.stop']({ scope }, app),
  show: () => gateway.core.handlers['observe.show']({}, app),
}
const events = (name: string) =>
  gateway.entries().flatMap((entry) => (entry.kind === 'event' && entry.event === name ? [entry.detail] : []))
const decided = (tool: string) =>
  gateway
    .entries()
    .filter((entry): entry is StoredEntry & CallEntry => entry.kind === 'call' && entry.state === 'decided')
    .findLast((entry) => entry.tool_name === tool)
const write = async (text: string) => (await client.call('write_note', { text })).outcome

test('what would have waited for a person runs, and is recorded as what it would have been; what is denied stays denied', async () => {
  await begin()
  await start({ server: 'notes' })
  expect(await write('a')).toBe('ok')
  expect(decided('write_note')).toMatchObject({
    policy_decision: 'ALLOW',
    observed: 'REQUIRE_APPROVAL',
    rule_ids: ['ask-writes'],
    reason: expect.stringContaining(
      'observe mode lets this call through; otherwise REQUIRE_APPROVAL: rule `ask-writes`',
    ),
  })
  expect((await client.call('delete_note', {})).text).toContain('POLICY_DENIED')
  expect(decided('delete_note')).not.toHaveProperty('observed')
  expect((await client.call('read_note', {})).outcome).toBe('ok')
  expect(decided('read_note')).not.toHaveProperty('observed')
  const { observing } = await show()
  expect(observing).toMatchObject([
    { scope: 'server', name: 'notes', title: 'notes', reason: 'trying it out', relaxed: 1 },
  ])
  const status = await gateway.core.handlers.status({}, app)
  expect(status.observing).toEqual(observing)
})

test('its end is at once, for anybody, and the next call waits again', async () => {
  await begin()
  await start({ server: 'notes' })
  expect(await write('a')).toBe('ok')
  expect((await stop({ server: 'notes' })).observing).toEqual([])
  const held = client.call('write_note', { text: 'b' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await held).text).toContain('APPROVAL_DENIED')
  expect(events('observe.ended')).toMatchObject([
    { scope: 'server', name: 'notes', why: 'stopped', door: 'app', relaxed: 1 },
  ])
  // It saw too little for rules to be proposed from it.
  expect((await gateway.core.handlers.status({}, app)).observe_ended).toBeNull()
})

test('what waits for a person when it begins runs', async () => {
  await begin()
  const waiting = write('a')
  await gateway.pending('write_note')
  await start({})
  expect(await waiting).toBe('ok')
})

test('it is on for what was named and nothing else', async () => {
  await begin()
  await gateway.addServer('other', 'notes-server')
  await start({ server: 'other' })
  const held = client.call('write_note', { text: 'a' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await held).text).toContain('APPROVAL_DENIED')
})

test('of one client only its own calls', async () => {
  await begin()
  const { id } = await gateway.core.handlers['clients.issue']({ name: 'Editor' }, person)
  const editor = gateway.connect('notes', ['--entry', id])
  await editor.initialize()
  await start({ client: id })
  expect((await editor.call('write_note', { text: 'mine' })).outcome).toBe('ok')
  const held = client.call('write_note', { text: 'not mine' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await held).text).toContain('APPROVAL_DENIED')
  await gateway.core.handlers['clients.revoke']({ id }, person)
  expect((await show()).observing).toEqual([])
})

test('it ends by itself after the days that were agreed to, also across a restart, and not later by a clock set back', async () => {
  await begin()
  await start({}, 2)
  await gateway.stop()
  const { profile } = gateway
  await begin(profile)
  expect(await write('after a restart')).toBe('ok')
  ahead = 2 * day + 1_000
  const held = client.call('write_note', { text: 'too late' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await held).text).toContain('APPROVAL_DENIED')
  expect((await show()).observing).toEqual([])
  while (events('observe.ended').length === 0) await new Promise(setImmediate)
  // From two days of calls rules can be proposed.
  const { observe_ended } = await gateway.core.handlers.status({}, app)
  expect(Date.parse(observe_ended ?? '')).toBeGreaterThan(clock.now() - day)
  ahead = 0
  await start({}, 2)
  ahead = -3_600_000
  expect((await show()).observing).toEqual([])
})

test('a clock that is set back while the gateway is down ends it, though it is after the start again', async () => {
  await begin()
  await start({})
  ahead = 2 * day
  expect(await write('two days on')).toBe('ok')
  await gateway.stop()
  const { profile } = gateway
  await begin(profile)
  expect((await show()).observing).toEqual([])
  const held = client.call('write_note', { text: 'set back' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await held).text).toContain('APPROVAL_DENIED')
})

test('a server that is registered anew under the same name is another one', async () => {
  await begin()
  await start({ server: 'notes' })
  await gateway.core.handlers['servers.remove']({ name: 'notes' }, person)
  await gateway.addServer('notes', 'notes-server')
  expect((await show()).observing).toEqual([])
  while (events('observe.ended').length === 0) await new Promise(setImmediate)
  expect(events('observe.ended')).toMatchObject([{ name: 'notes', why: 'gone' }])
})

test('where policy forbids it, it cannot begin; and a policy that forbids it ends it', async () => {
  await begin()
  await start({})
  writeFileSync(join(gateway.paths.policy, 'rules.yaml'), `observe: forbidden\n${simplePolicy()}`)
  while (!(await show()).forbidden) await new Promise(setImmediate)
  expect((await show()).observing).toEqual([])
  await expect(Promise.resolve().then(() => start({}))).rejects.toMatchObject({ code: 'OBSERVE_FORBIDDEN' })
  const held = client.call('write_note', { text: 'a' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await held).text).toContain('APPROVAL_DENIED')
  while (events('observe.ended').length === 0) await new Promise(setImmediate)
  expect(events('observe.ended')).toMatchObject([{ scope: 'all', why: 'forbidden' }])
})

test.each([[{ server: 'nobody' }], [{ client: 'client_none' }]])('%j cannot be observed', async (scope) => {
  await begin()
  await expect(Promise.resolve().then(() => start(scope))).rejects.toMatchObject({
    code: expect.stringMatching(/^(SERVER_UNKNOWN|NOT_FOUND)$/),
  })
  expect((await show()).observing).toEqual([])
})

test('what no rule is about is listed and runs while it is on, and is absent again after it', async () => {
  ahead = 0
  const readsOnly = simplePolicy().replace(/ {2}- id: ask-writes[\s\S]*/, '')
  gateway = await startGateway({ policy: readsOnly, ports: { clock } })
  await gateway.addServer('notes', 'notes-server')
  client = gateway.connect('notes')
  await client.initialize()
  const listed = async () => {
    const { result } = (await client.request('tools/list', {})) as { result?: { tools?: { name: string }[] } }
    return result?.tools?.map(({ name }) => name).includes('delete_note')
  }
  expect(await listed()).toBe(false)
  await start({ server: 'notes' })
  expect(await listed()).toBe(true)
  expect((await client.call('delete_note', {})).outcome).toBe('ok')
  expect(decided('delete_note')).toMatchObject({ policy_decision: 'ALLOW', observed: 'DENY' })
  await stop({})
  expect(await listed()).toBe(false)
  expect((await client.call('delete_note', {})).outcome).toBe('NO_RULE')
})
