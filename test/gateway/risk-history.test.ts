import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient
afterEach(() => gateway.close())

async function begin(options: Parameters<typeof startGateway>[0] = {}): Promise<void> {
  gateway = await startGateway({ policy: simplePolicy(), ...options })
  if (!options.profile) await gateway.addServer('notes', 'notes-server')
  client = gateway.connect('notes')
  await client.initialize()
}

/** The factors of the newest decision about a tool, as `name points`. */
const factors = (tool: string) =>
  gateway
    .entries()
    .filter((entry): entry is StoredEntry & CallEntry => entry.kind === 'call' && entry.state === 'decided')
    .findLast((entry) => entry.tool_name === tool)
    ?.risk_factors?.map(({ name, points }) => `${name} ${points}`) ?? []

test('a tool is new to a client until a call of it has run, across restarts too, and for each client by itself', async () => {
  await begin()
  await client.call('read_note', {})
  expect(factors('read_note')).toContain('novelty 5')
  await client.call('read_note', {})
  expect(factors('read_note')).not.toContain('novelty 5')
  // What a person denies has not run.
  for (const _ of [1, 2]) {
    const held = client.call('write_note', { text: 'a' })
    await gateway.answer(await gateway.pending('write_note'), 'deny')
    await held
    expect(factors('write_note')).toContain('novelty 5')
  }
  await gateway.stop()
  await begin({ profile: gateway.profile })
  await client.call('read_note', {})
  expect(factors('read_note')).not.toContain('novelty 5')
  const { id } = await gateway.core.handlers['clients.issue']({ name: 'Other' }, person)
  const other = gateway.connect('notes', ['--entry', id])
  await other.initialize()
  await other.call('read_note', {})
  expect(factors('read_note')).toContain('novelty 5')
})

test('far more calls than usual in a minute count, and no longer once the minute is over', async () => {
  const { clock, advance } = movedClock()
  await begin({ ports: { clock } })
  for (let at = 0; at < 60; at += 1) await client.call('read_note', {})
  expect(factors('read_note')).not.toContain('volume 15')
  await client.call('read_note', {})
  expect(factors('read_note')).toContain('volume 15')
  advance(120_000)
  await client.call('read_note', {})
  expect(factors('read_note')).not.toContain('volume 15')
})

test('calls outside of the working hours of the settings count', async () => {
  const today = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
  const [day, next] = [today[new Date().getDay()], today[(new Date().getDay() + 1) % 7]]
  const other = today.filter((name) => name !== day && name !== next)[0]
  await begin({ settings: { working_hours: `${other}-${other} 12:00-12:01` } })
  await client.call('read_note', {})
  expect(factors('read_note')).toContain('time 10')
})

test('what policy says a factor counts is what decides, at once', async () => {
  await begin({ policy: `default: by_risk\n${simplePolicy().replace(/ {2}- id: allow-reads[\s\S]*?ALLOW\n/, '')}` })
  expect((await client.call('read_note', {})).outcome).toBe('ok')
  const file = join(gateway.paths.policy, 'rules.yaml')
  writeFileSync(file, `risk: { points: { action.read: 100 } }\n${readFileSync(file, 'utf8')}`)
  const before = (await gateway.core.handlers['policy.show']({}, { name: 'app', present: false, pid: null })).snapshot
  const inForce = async () =>
    (await gateway.core.handlers['policy.show']({}, { name: 'app', present: false, pid: null })).snapshot
  while ((await inForce()) === before) await new Promise(setImmediate)
  expect((await client.call('read_note', {})).outcome).toBe('NO_RULE')
  expect(factors('read_note')).toContain('action.read 100')
})

test('replay and explain count the recorded factors as the policy that they are about does', async () => {
  const byRisk = (points: string) =>
    `default: by_risk\nrisk: { points: { ${points} } }\n${simplePolicy().replace(/ {2}- id: allow-reads[\s\S]*?ALLOW\n/, '')}`
  await begin({ policy: byRisk('novelty: 0') })
  await client.call('read_note', {})
  await client.call('read_note', {})
  const { handlers } = gateway.core
  const replayed = async (points: string) => {
    const draft = { files: [{ path: 'rules.yaml', text: byRisk(points) }], on: 'nothing' as const }
    const input = { policy: { draft }, since_days: 1, limit: 100, list: 10 }
    const { calls, same, denied, asked, changes } = await handlers['policy.replay'](input, person)
    return { calls, same, denied, asked, changes: changes.map(({ call_id }) => call_id) }
  }
  expect(await replayed('novelty: 0')).toEqual({ calls: 2, same: 2, denied: 0, asked: 0, changes: [] })
  expect(await replayed('action.read: 100')).toMatchObject({ calls: 2, same: 0, denied: 2, asked: 0 })
  // Only the first of them was new.
  const [first = ''] = (await replayed('novelty: 30')).changes
  expect(await replayed('novelty: 30')).toMatchObject({ calls: 2, same: 1, asked: 1 })
  const draft = { files: [{ path: 'rules.yaml', text: byRisk('novelty: 30') }], on: 'nothing' as const }
  const explained = await handlers['policy.explain']({ call: { call_id: first }, policy: { draft } }, person)
  expect(explained.risk.factors).toContainEqual(expect.objectContaining({ name: 'novelty', points: 30 }))
  expect(explained.decision).toMatchObject({ effect: 'REQUIRE_APPROVAL' })
})
