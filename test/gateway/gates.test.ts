import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { Settings } from '../../shared/settings.ts'
import { openDatabase } from '../../src-main/core/store/database.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { approver, person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let told: string[] = []
const app = { name: 'app', present: false, pid: null } as const
/** How far both clocks are ahead. */
let ahead = 0
const clock = {
  ...systemClock,
  now: () => systemClock.now() + ahead,
  monotonic: () => systemClock.monotonic() + ahead,
}
afterEach(() => gateway.close())

async function begin(gates: object = {}, profile?: string): Promise<void> {
  ahead = 0
  told = []
  gateway = await startGateway({
    policy: simplePolicy(),
    settings: { gates: Settings.parse({ gates }).gates },
    ports: { clock, notify: ({ title, body }) => void told.push(`${title}: ${body}`) },
    ...(profile ? { profile } : {}),
  })
  if (!profile) await gateway.addServer('notes', 'notes-server')
}

async function entry(name: string): Promise<{ id: string; client: RawClient }> {
  const { id } = await gateway.core.handlers['clients.issue']({ name }, person)
  const client = gateway.connect('notes', ['--entry', id])
  await client.initialize()
  return { id, client }
}

const halts = async () => (await gateway.core.handlers.status({}, app)).halts
const incidents = () => gateway.core.handlers['incidents.list']({}, app)
const touch = async (client: RawClient) =>
  (await client.call('write_note', { path: join(gateway.profile, 'policy', 'rules.yaml') })).outcome
const times = async (count: number, work: () => Promise<string>) => {
  const outcomes: string[] = []
  for (let time = 0; time < count; time += 1) outcomes.push(await work())
  return outcomes
}

test('a client that goes for protected files again and again is stopped, alone, and a person hears of it', async () => {
  await begin()
  const [bad, good] = [await entry('Bad'), await entry('Good')]
  expect(await times(4, () => touch(bad.client))).toEqual(Array(4).fill('PROTECTED_PATH'))
  expect((await bad.client.call('read_note', {})).outcome).toBe('ok')
  expect(await touch(bad.client)).toBe('PROTECTED_PATH')
  expect((await bad.client.call('read_note', {})).outcome).toBe('STOPPED')
  expect(await halts()).toMatchObject([
    { scope: 'client', name: bad.id, tripped_by: 'protected_paths', by: 'Toolgate', door: 'gate' },
  ])
  expect(told).toEqual([
    'Bad is stopped: 5 calls of one client that name protected files within 10 min; see the incident',
  ])
  expect(await incidents()).toMatchObject([{ kind: 'gate', scope: 'client', name: bad.id, closed_at: null }])
  expect((await good.client.call('read_note', {})).outcome).toBe('ok')
  await gateway.core.handlers.resume({ client: bad.id }, approver)
  expect(await times(4, () => touch(bad.client))).toEqual(Array(4).fill('PROTECTED_PATH'))
  expect(await halts()).toEqual([])
})

test('what lies further back than its time does not count, nor does another client', async () => {
  await begin()
  const [one, other] = [await entry('One'), await entry('Other')]
  await times(4, () => touch(one.client))
  await times(4, () => touch(other.client))
  ahead = 11 * 60_000
  expect(await times(4, () => touch(one.client))).toEqual(Array(4).fill('PROTECTED_PATH'))
  expect(await halts()).toEqual([])
})

test('a gate that is off stops nothing; one that is turned on counts as it is set and may stop everything', async () => {
  await begin({ protected_paths: { on: false }, denials: { on: true, count: 3, halts: 'all' } })
  const { client } = await entry('Editor')
  const denied = async () => (await client.call('delete_note', {})).outcome
  expect(await times(4, denied)).toEqual([...Array(3).fill('POLICY_DENIED'), 'STOPPED'])
  expect(await halts()).toMatchObject([
    { scope: 'all', tripped_by: 'denials', reason: expect.stringContaining('client') },
  ])
  await gateway.core.handlers.resume({}, approver)
  expect(await times(2, () => touch(client))).toEqual(Array(2).fill('PROTECTED_PATH'))
  expect(await halts()).toEqual([])
})

test('secrets in arguments count, what is personal does not', async () => {
  await begin({ secrets: { on: true, count: 2 } })
  const { client } = await entry('Editor')
  const send = (text: string) => async () => (await client.call('delete_note', { text })).outcome
  expect(await times(4, send('4111 1111 1111 1111'))).toEqual(Array(4).fill('POLICY_DENIED'))
  const secret = await times(3, send(`ghp_${'a1B2'.repeat(9)}`))
  expect(secret).toEqual(['POLICY_DENIED', 'POLICY_DENIED', 'STOPPED'])
})

test('a server that changes again and again is stopped; what it changes at once, or before the next review, counts once', async () => {
  await begin()
  const offered = join(gateway.folder, 'tools.json')
  const tools = (words: string) =>
    ['read_a', 'read_b', 'read_c', 'read_d', 'read_e', 'read_f'].map((name) => ({
      ...{ name, description: `${name} ${words}`, inputSchema: { type: 'object' } },
      annotations: { readOnlyHint: true },
    }))
  writeFileSync(offered, JSON.stringify(tools('as reviewed')))
  await gateway.addServer('odd', 'notes-server', { NOTES_TOOLS: offered })
  for (let change = 1; change <= 3; change += 1) {
    expect(await halts()).toEqual([])
    if (change > 1) await gateway.approveServer('odd')
    ahead += 2 * 60_000
    writeFileSync(offered, JSON.stringify(tools(`as of ${change}`)))
    const client = gateway.connect('odd')
    await client.initialize()
    await client.request('tools/list')
    await client.close()
  }
  await expect.poll(halts).toMatchObject([{ scope: 'server', name: 'odd', tripped_by: 'definitions' }])
})

test('a record that is found damaged stops everything where that is set', async () => {
  await begin({ record: { on: true } })
  const { profile, paths } = gateway
  const { client } = await entry('Editor')
  await client.call('read_note', {})
  await gateway.stop()
  const db = openDatabase(paths.database)
  db.exec('DROP TRIGGER IF EXISTS audit_entries_no_delete')
  db.exec('DELETE FROM audit_entries WHERE seq = (SELECT max(seq) FROM audit_entries)')
  db.close()
  onTestFinished(() => gateway.close())
  await begin({ record: { on: true } }, profile)
  await expect.poll(halts).toMatchObject([{ scope: 'all', tripped_by: 'record' }])
  await gateway.core.handlers.resume({}, approver)
  await gateway.stop()
  await begin({ record: { on: true } }, profile)
  expect(await halts()).toEqual([])
})
