import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import type { Notification } from '../../src-main/core/ports.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { readSettingsAgain } from '../../src-main/host/settings.ts'
import { approver, person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient
let told: Notification[] = []
afterEach(() => gateway.close())

async function begin(options: Parameters<typeof startGateway>[0] = {}): Promise<void> {
  told = []
  const notify = (notification: Notification) => void told.push(notification)
  const { ports, ...rest } = options
  gateway = await startGateway({ policy: simplePolicy(), ports: { notify, ...ports }, ...rest })
  if (!options.profile) await gateway.addServer('notes', 'notes-server')
  client = gateway.connect('notes')
  await client.initialize()
}

const asked = () => told.filter(({ kind }) => kind === 'approval').length
const events = (name: string) =>
  gateway.entries().flatMap((entry) => (entry.kind === 'event' && entry.event === name ? [entry.detail] : []))
const noise = () => gateway.core.handlers['approvals.noise']({ days: 1 }, { name: 'app', present: false, pid: null })

async function leftAlone(text: string, advance: (ms: number) => void): Promise<string> {
  const call = client.call('write_note', { text })
  await gateway.pending('write_note')
  advance(11_000)
  return (await call).text
}

test('after two that nobody answered a person is told of no more for a while, until somebody answers', async () => {
  const { clock, advance } = movedClock()
  await begin({ settings: { hold_sec: 60, expires_sec: 10 }, ports: { clock } })
  expect(await leftAlone('a', advance)).not.toContain('told of it again')
  expect(await leftAlone('b', advance)).toMatch(/told of it again at \d\d:\d\d/)
  expect(asked()).toBe(2)
  expect(events('approval.cooling')).toMatchObject([{ server: 'notes', tool: 'write_note' }])

  // It is listed as always, and can be answered.
  const held = client.call('write_note', { text: 'c' })
  const view = await gateway.pending('write_note')
  expect(asked()).toBe(2)
  await gateway.answer(view, 'approve')
  expect((await held).outcome).toBe('ok')
  const next = client.call('write_note', { text: 'd' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  await next
  expect(asked()).toBe(3)
})

test('a cool-down ends by itself', async () => {
  const { clock, advance } = movedClock()
  await begin({ settings: { hold_sec: 60, expires_sec: 10, cool_down_sec: 300 }, ports: { clock } })
  for (const text of ['a', 'b', 'c']) await leftAlone(text, advance)
  expect(asked()).toBe(2)
  advance(300_000)
  await leftAlone('d', advance)
  expect(asked()).toBe(3)
})

/** A wall clock at this time of a Thursday on this machine, and a way to set it. */
function atTime(hours: number, minutes: number) {
  let now = new Date(2026, 10, 26, hours, minutes).getTime()
  return {
    clock: { ...systemClock, now: () => now },
    set: (hours: number, minutes: number, days = 0) => {
      now = new Date(2026, 10, 26 + days, hours, minutes).getTime()
    },
  }
}

test('in quiet hours what would ask is denied at once, and what is allowed runs', async () => {
  const { clock, set } = atTime(23, 10)
  await begin({ settings: { quiet_hours: 'sun-sat 22:00-07:00' }, ports: { clock } })
  const denied = await client.call('write_note', { text: 'a' })
  expect(denied.outcome).toBe('QUIET_HOURS')
  expect(denied.text).toContain('It asks again at 07:00.')
  expect(asked()).toBe(0)
  expect((await client.call('read_note', {})).outcome).toBe('ok')
  expect((await client.call('delete_note', {})).outcome).toBe('POLICY_DENIED')
  expect(gateway.states('write_note').at(-1)).toBe('closed blocked QUIET_HOURS')
  set(7, 0, 1)
  const held = client.call('write_note', { text: 'a' })
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  expect((await held).outcome).toBe('ok')
})

test('a person switches quiet hours off for a while, which is recorded and ends by itself', async () => {
  const { clock, set } = atTime(23, 10)
  await begin({ settings: { quiet_hours: 'sun-sat 22:00-07:00' }, ports: { clock } })
  const { handlers } = gateway.core
  expect(await handlers['quiet.show']({}, person)).toMatchObject({ quiet: true, off_until: null })
  expect(await handlers['quiet.off']({ hours: 1 }, approver)).toMatchObject({ quiet: false })
  expect(events('quiet.off')).toMatchObject([{ hours: 1, door: 'approval' }])
  const held = client.call('write_note', { text: 'a' })
  await gateway.answer(await gateway.pending('write_note'), 'deny')
  await held
  set(0, 11, 1)
  expect((await client.call('write_note', { text: 'a' })).outcome).toBe('QUIET_HOURS')
})

test('the figures tell what was asked, by whom, by which rule, and how it ended, after a restart too', async () => {
  await begin()
  for (const answer of ['approve', 'deny'] as const) {
    const held = client.call('write_note', { text: answer })
    await gateway.answer(await gateway.pending('write_note'), answer)
    await held
  }
  const open = client.call('write_note', { text: 'open' }).catch(() => null)
  await gateway.pending('write_note')
  const now = await noise()
  expect(now).toMatchObject({
    prompts: 3,
    outcomes: { approved: 1, denied: 1, pending: 1 },
    under_a_second: 1,
    queue: { max: 1 },
    servers: [{ name: 'notes', prompts: 3 }],
    rules: [{ name: 'ask-writes', prompts: 3, approved: 1, at: { file: 'rules.yaml' } }],
  })
  expect(now.per_hour).toHaveLength(24)
  expect(now.per_hour.reduce((sum, each) => sum + each)).toBe(3)
  expect(now.median_wait_ms).toBeGreaterThan(0)
  await gateway.stop()
  await open
  await begin({ profile: gateway.profile })
  expect((await noise()).outcomes).toEqual({ approved: 1, denied: 1, expired: 0, cancelled: 1, pending: 0 })
})

test('quiet hours are set and taken back for good by a person, and all else in the settings stays', async () => {
  await begin({ follow: readSettingsAgain })
  const { handlers } = gateway.core
  const file = gateway.paths.settings
  writeFileSync(file, JSON.stringify({ hold_sec: 40 }))
  await handlers['quiet.set']({ hours: 'sun-sat 00:00-23:59' }, approver)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ hold_sec: 40, quiet_hours: 'sun-sat 00:00-23:59' })
  expect(events('quiet.set')).toMatchObject([{ hours: 'sun-sat 00:00-23:59', door: 'approval' }])
  await expect.poll(() => handlers['quiet.show']({}, person), { timeout: 10_000 }).toMatchObject({ quiet: true })
  expect((await client.call('write_note', { text: 'a' })).outcome).toBe('QUIET_HOURS')
  await handlers['quiet.set']({ hours: null }, approver)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ hold_sec: 40 })
  rmSync(file)
  await expect(async () => handlers['quiet.set']({ hours: null }, approver)).rejects.toThrow('are gone')
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, '{ "quiet_hours": 7 }')
  await expect(async () => handlers['quiet.set']({ hours: null }, approver)).rejects.toThrow('have a mistake')
  expect(readFileSync(file, 'utf8')).toBe('{ "quiet_hours": 7 }')
})
