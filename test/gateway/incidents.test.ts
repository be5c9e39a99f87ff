import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../src-main/host/clock.ts'
import { approver, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient
const app = { name: 'app', present: false, pid: null } as const
const minute = 60_000
/** How far the wall clock is ahead; durations go on as they do. */
let ahead = 0
const clock = { ...systemClock, now: () => systemClock.now() + ahead }

beforeEach(async () => {
  ahead = 0
  gateway = await startGateway({ policy: simplePolicy(), ports: { clock } })
  await gateway.addServer('notes', 'notes-server')
  await gateway.addServer('other', 'notes-server')
  client = await connected('notes')
})
afterEach(() => gateway.close())

async function connected(server: string): Promise<RawClient> {
  const made = gateway.connect(server)
  await made.initialize()
  return made
}

const list = () => gateway.core.handlers['incidents.list']({}, app)
const show = (id: string, before?: number) =>
  gateway.core.handlers['incidents.show']({ id, ...(before === undefined ? {} : { before }) }, app)
const close = async (id: string) =>
  gateway.core.handlers['incidents.close']({ id, conclusion: 'it was a test' }, approver)
const calls = (records: { what: string; server: string; tool: string }[]) =>
  records.filter(({ what }) => what === 'closed').map(({ server, tool }) => `${server} ${tool}`)

test('a stop opens one, with the records of its server from a quarter of an hour before', async () => {
  const other = await connected('other')
  await client.call('read_note', { text: 'long before' })
  ahead = 16 * minute
  await client.call('read_note', {})
  await client.call('delete_note', {})
  await other.call('read_note', {})
  ahead = 30 * minute
  await gateway.core.handlers.stop({ server: 'notes', reason: 'it deletes' }, app)
  await client.call('delete_note', {})
  const [incident, ...more] = await list()
  expect(more).toEqual([])
  expect(incident).toMatchObject({ kind: 'stop', scope: 'server', name: 'notes', why: 'it deletes', closed_at: null })
  const { records, next } = await show(incident?.id ?? '')
  expect(calls(records)).toEqual(['notes delete_note', 'notes delete_note', 'notes read_note'])
  expect(records.map(({ what }) => what)).toEqual(expect.arrayContaining(['stopped', 'incident.opened', 'decided']))
  expect(records.find(({ tool }) => tool === 'delete_note')?.detail).toContain('STOPPED')
  expect(next).toBeNull()
  expect((await gateway.core.handlers.status({}, app)).incidents).toBe(1)
})

test('it grows while it is open, also over a restart; closed, it is as it was and takes nothing more of what happens', async () => {
  await gateway.core.handlers.stop({ reason: 'odd writes' }, app)
  await gateway.core.handlers.stop({ reason: 'still odd' }, app)
  const [incident] = await list()
  const id = incident?.id ?? ''
  await gateway.core.handlers['incidents.note']({ id, text: 'asked the developer' }, app)
  await gateway.stop()
  gateway = await startGateway({ policy: simplePolicy(), ports: { clock }, profile: gateway.profile })
  expect((await show(id)).notes).toMatchObject([
    { text: 'again: still odd', door: 'app' },
    { text: 'asked the developer', door: 'app' },
  ])
  await gateway.core.handlers.resume({}, approver)
  client = await connected('notes')
  await client.call('read_note', {})
  await close(id)
  await client.call('delete_note', {})
  const { incident: closed, records } = await show(id)
  expect(closed).toMatchObject({ conclusion: 'it was a test', closed_at: expect.any(String) })
  expect(calls(records)).toEqual(['notes read_note'])
  await expect(close(id)).rejects.toMatchObject({ code: 'CONFLICT' })
  await gateway.core.handlers.stop({ reason: 'another day' }, app)
  expect((await list()).map(({ why, closed_at }) => [why, closed_at !== null])).toEqual([
    ['another day', false],
    ['odd writes', true],
  ])
})

test('one by hand is about a client alone, and its records come in pages', async () => {
  const mine = await gateway.core.handlers['clients.issue']({ name: 'Editor' }, approver)
  const editor = gateway.connect('notes', ['--entry', mine.id])
  await editor.initialize()
  for (let call = 0; call < 60; call += 1) await editor.call('read_note', {})
  await client.call('read_note', {})
  const { id } = await gateway.core.handlers['incidents.open']({ why: 'a customer asked', client: mine.id }, app)
  const first = await show(id)
  expect(first.incident).toMatchObject({ kind: 'manual', title: 'Editor' })
  expect(first.records).toHaveLength(100)
  const second = await show(id, first.next ?? 0)
  expect(second.next).toBeNull()
  const all = [...first.records, ...second.records]
  expect(calls(all)).toHaveLength(60)
  expect(new Set(all.map(({ seq }) => seq)).size).toBe(all.length)
  expect(all.every(({ client }) => client === '' || client === 'Editor' || client === mine.id)).toBe(true)
})
