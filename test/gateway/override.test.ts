import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import { CallError } from '../../shared/call-errors.ts'
import type { HaltTarget } from '../../shared/stop.ts'
import type { Door } from '../../src-main/core/control/handlers.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { approver, person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient
afterEach(() => gateway.close())

const app = { name: 'app', present: false, pid: null } as const
/** How far both clocks are ahead, and the wall clock by itself. */
let ahead = 0
let wall = 0
const clock = {
  ...systemClock,
  now: () => systemClock.now() + ahead + wall,
  monotonic: () => systemClock.monotonic() + ahead,
}
const minute = 60_000

async function begin(policy = simplePolicy(), profile?: string): Promise<void> {
  ahead = 0
  wall = 0
  gateway = await startGateway({ policy, ports: { clock }, ...(profile ? { profile } : {}) })
  if (!profile) await gateway.addServer('notes', 'notes-server')
  client = gateway.connect('notes')
  await client.initialize()
}

const start = async (scope: HaltTarget = {}, door: Door = approver, minutes = 15) =>
  gateway.core.handlers['override.start']({ scope, minutes, reason: 'the site is down' }, door)
const end = (scope: HaltTarget = {}) => gateway.core.handlers['override.end']({ scope }, app)
const on = async () => (await gateway.core.handlers.status({}, app)).overrides
const outcome = async (tool: string, args: object = {}) => (await client.call(tool, args)).outcome
const decided = (tool: string) =>
  gateway
    .entries()
    .filter((entry): entry is StoredEntry & CallEntry => entry.kind === 'call' && entry.state === 'decided')
    .findLast((entry) => entry.tool_name === tool)
const waits = async () => {
  const held = client.call('write_note', { text: 'b' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  expect((await held).outcome).toBe('APPROVAL_DENIED')
}

test('what would be held or denied for want of a rule runs, each recorded; a rule that denies and what is built in hold', async () => {
  await begin(simplePolicy().replace(/ {2}- id: allow-reads[\s\S]*?ALLOW\n/, ''))
  expect(await outcome('read_note')).toBe('NO_RULE')
  await start()
  expect(await outcome('read_note')).toBe('ok')
  expect(decided('read_note')).toMatchObject({
    ...{ policy_decision: 'ALLOW', observed: 'DENY', overridden: true },
    reason: expect.stringContaining('an override lets this call through; otherwise DENY'),
  })
  expect(await outcome('write_note', { text: 'a' })).toBe('ok')
  expect(decided('write_note')).toMatchObject({ observed: 'REQUIRE_APPROVAL', overridden: true })
  expect(await outcome('delete_note')).toBe('POLICY_DENIED')
  expect(await outcome('write_note', { path: join(gateway.profile, 'policy', 'rules.yaml') })).toBe('PROTECTED_PATH')
  expect(await on()).toMatchObject([{ scope: 'all', reason: 'the site is down', calls: 2 }])
  await gateway.core.handlers.stop({ reason: '' }, app)
  expect(await outcome('read_note')).toBe('STOPPED')
})

test('what waits when it begins runs, and at its end, at once and for anybody, the next call waits again', async () => {
  await begin()
  const waiting = outcome('write_note', { text: 'a' })
  await gateway.pending('write_note')
  await start({ server: 'notes' })
  expect(await waiting).toBe('ok')
  await end({ server: 'notes' })
  expect(await on()).toEqual([])
  await waits()
  const [incident] = await gateway.core.handlers['incidents.list']({}, app)
  expect(incident).toMatchObject({ kind: 'override', scope: 'server', name: 'notes', why: 'the site is down' })
  const { records } = await gateway.core.handlers['incidents.show']({ id: incident?.id ?? '' }, app)
  expect(records.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['incident.opened', 'override.started', 'forwarding']),
  )
})

test('it ends by itself, and with the gateway', async () => {
  await begin()
  await start({}, approver, 15)
  ahead = 14 * minute
  expect(await outcome('write_note', { text: 'a' })).toBe('ok')
  ahead = 15 * minute
  await waits()
  await start()
  await gateway.stop()
  await begin(simplePolicy(), gateway.profile)
  expect(await on()).toEqual([])
  await waits()
})

test('a wall clock that is set does not lengthen it', async () => {
  await begin()
  await start()
  ahead = 16 * minute
  wall = -10 * minute
  await waits()
  await start()
  wall = -40 * minute
  await waits()
})

test('it is for one client alone where that was meant, and over when the client is revoked', async () => {
  await begin()
  const { id } = await gateway.core.handlers['clients.issue']({ name: 'Editor' }, person)
  const editor = gateway.connect('notes', ['--entry', id])
  await editor.initialize()
  await start({ client: id })
  expect((await editor.call('write_note', { text: 'mine' })).outcome).toBe('ok')
  await waits()
  await gateway.core.handlers['clients.revoke']({ id }, person)
  expect(await on()).toEqual([])
})

test('bounds of rules hold in it', async () => {
  const bound = `  - { id: few, match: { labels: { mcp.tool: write_note } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { rate_limit: { max_calls: 1, per_sec: 3600, by: user } } }\n`
  await begin(simplePolicy(bound))
  await start()
  expect(await outcome('write_note', { text: 'a' })).toBe('ok')
  expect(decided('write_note')).toMatchObject({ policy_decision: 'ALLOW_WITH_CONSTRAINTS', overridden: true })
  expect(await outcome('write_note', { text: 'b' })).toBe('RATE_LIMITED')
})

test('no terminal begins one, nor the approval page without the person again, nor where policy forbids it', async () => {
  await begin()
  await expect(start({}, person)).rejects.toMatchObject({ code: 'FORBIDDEN_AT_DOOR' })
  const again = async () => {
    throw new CallError('PRESENCE_PIN_WRONG')
  }
  const unproved = {
    ...approver,
    answering: { ...('answering' in approver ? approver.answering : null), again },
  } as Door
  await expect(start({}, unproved)).rejects.toMatchObject({ code: 'PRESENCE_PIN_WRONG' })
  await expect(start({ server: 'nobody' })).rejects.toMatchObject({ code: 'SERVER_UNKNOWN' })
  await start()
  writeFileSync(join(gateway.paths.policy, 'rules.yaml'), `observe: forbidden\n${simplePolicy()}`)
  await expect.poll(on).toEqual([])
  await waits()
  await expect(start()).rejects.toMatchObject({ code: 'OVERRIDE_FORBIDDEN' })
  const ended = () =>
    gateway.entries().flatMap((it) => (it.kind === 'event' && it.event === 'override.ended' ? [it] : []))
  await expect.poll(ended).toMatchObject([{ detail: { scope: 'all', why: 'forbidden' } }])
})
