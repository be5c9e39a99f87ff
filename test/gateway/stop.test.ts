import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { HaltTarget } from '../../shared/stop.ts'
import { openDatabase } from '../../src-main/core/store/database.ts'
import { stop as stopMigration } from '../../src-main/core/store/migrations/014-stop.ts'
import { migrations } from '../../src-main/core/store/migrations/index.ts'
import { instancePaths, preparePaths } from '../../src-main/host/paths.ts'
import { testFolder } from '../fakes/folder.ts'
import { approver, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient
const app = { name: 'app', present: false, pid: null } as const

beforeEach(async () => {
  gateway = await startGateway({ policy: simplePolicy() })
  await gateway.addServer('notes', 'notes-server')
  await gateway.addServer('other', 'notes-server')
  client = await connected('notes')
})
afterEach(() => gateway.close())

async function connected(server: string, options: string[] = []): Promise<RawClient> {
  const made = gateway.connect(server, options)
  await made.initialize()
  return made
}

const stop = (target: HaltTarget = {}, reason = 'odd writes') => gateway.core.handlers.stop({ reason, ...target }, app)
const resume = async (target: HaltTarget = {}) => gateway.core.handlers.resume(target, approver)
const halts = async () => (await gateway.core.handlers.status({}, app)).halts
const read = async (of: RawClient) => (await of.call('read_note', {})).outcome
/** The tools of calls that were cancelled. */
const ended = () =>
  gateway
    .entries()
    .flatMap((it) => (it.kind === 'call' && it.state === 'closed' && it.outcome === 'cancelled' ? [it.tool_name] : []))
const restart = async () => {
  await gateway.stop()
  gateway = await startGateway({ policy: simplePolicy(), profile: gateway.profile })
  client = await connected('notes')
}

test('one server is halted, held calls included, and all others go on', async () => {
  const other = await connected('other')
  const held = client.call('write_note', { text: 'a' })
  const elsewhere = other.call('write_note', { text: 'b' })
  for (const server of ['notes', 'other']) {
    await expect
      .poll(async () => (await gateway.core.handlers['approvals.list']({}, app)).map((view) => view.server))
      .toContain(server)
  }
  await stop({ server: 'notes' })
  expect((await held).text).toContain('the server `notes`')
  expect(ended()).toEqual(['write_note'])
  expect((await client.call('read_note', {})).text).toMatch(/STOPPED.*the server `notes`/s)
  expect((await client.request('tools/list')).error?.data?.code).toBe('STOPPED')
  expect(await read(other)).toBe('ok')
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  expect((await elsewhere).outcome).toBe('ok')
  await resume({ server: 'notes' })
  expect(await read(client)).toBe('ok')
})

test('a call that runs is cancelled at its server', async () => {
  const { folder } = gateway
  await gateway.addServer('slow', 'notes-server', { NOTES_LOG: `${folder}/slow.log` })
  const slow = await connected('slow')
  const running = slow.call('read_note', { hold: true })
  await expect.poll(() => gateway.states('read_note').at(-1)).toContain('forwarding')
  await stop({ server: 'slow' })
  expect((await running).outcome).toBe('STOPPED')
  expect(ended()).toEqual(['read_note'])
})

test('one client is halted at every server, and another client is not', async () => {
  const { id } = await gateway.core.handlers['clients.issue']({ name: 'Editor' }, approver)
  const editor = await connected('notes', ['--entry', id])
  const all = await connected('', ['--all', '--entry', id])
  const held = editor.call('write_note', { text: 'a' })
  await gateway.pending('write_note')
  await stop({ client: id }, 'it asks for odd things')
  expect((await held).outcome).toBe('STOPPED')
  const refused = await editor.call('read_note', {})
  expect(refused.text).toMatch(/STOPPED.*this client/s)
  expect(refused.text).not.toContain('odd things')
  expect((await all.call('notes__read_note', {})).outcome).toBe('STOPPED')
  expect((await all.request('tools/list')).error?.data?.code).toBe('STOPPED')
  expect(await read(client)).toBe('ok')
  expect(await halts()).toMatchObject([
    { scope: 'client', name: id, title: 'Editor', reason: 'it asks for odd things' },
  ])
  await resume({ client: id })
  expect(await read(editor)).toBe('ok')
})

test('in a session with all servers the halted one is gone until it is resumed, and its calls say why', async () => {
  const all = await connected('', ['--all'])
  const tools = async () => JSON.stringify((await all.request('tools/list')).result)
  const changes = () => all.lines.filter((line) => line.includes('notifications/tools/list_changed')).length
  expect(await tools()).toContain('notes__read_note')
  await stop({ server: 'notes' })
  await expect.poll(changes).toBeGreaterThan(0)
  expect(await tools()).not.toContain('notes__read_note')
  expect(await tools()).toContain('other__read_note')
  expect((await all.call('notes__read_note', {})).outcome).toBe('STOPPED')
  expect((await all.call('other__read_note', {})).outcome).toBe('ok')
  const told = changes()
  await resume({ server: 'notes' })
  await expect.poll(changes).toBeGreaterThan(told)
  await expect.poll(tools).toContain('notes__read_note')
})

test('each halt is lifted by itself; that of everything leaves the others', async () => {
  await stop({ server: 'notes' })
  await stop()
  await expect(resume({ server: 'other' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await halts()).toMatchObject([{ scope: 'all' }, { scope: 'server', name: 'notes' }])
  await resume()
  expect(await read(client)).toBe('STOPPED')
  await resume({ server: 'notes' })
  expect(await read(client)).toBe('ok')
  const told = gateway.entries().flatMap((entry) => (entry.kind === 'event' ? [entry] : []))
  expect(told.filter(({ event }) => event === 'stopped' || event === 'resumed').map((it) => it.detail)).toMatchObject([
    { scope: 'server', server: 'notes', reason: 'odd writes', door: 'app' },
    { scope: 'all' },
    { scope: 'all', door: 'approval' },
    { scope: 'server', server: 'notes' },
  ])
})

test('a halt outlives the gateway, and a server that is registered again under its name is still halted', async () => {
  await stop({ server: 'notes' })
  const [before] = await halts()
  await restart()
  expect(await halts()).toEqual([before])
  expect(await read(client)).toBe('STOPPED')
  await gateway.core.handlers['servers.remove']({ name: 'notes' }, approver)
  await gateway.addServer('notes', 'notes-server')
  expect(await read(await connected('notes'))).toBe('STOPPED')
})

test('what an older version stopped is stopped', async () => {
  const profile = join(testFolder(), 'profile')
  const paths = instancePaths(profile)
  preparePaths(paths)
  const db = new Database(paths.database)
  const older = migrations.slice(0, migrations.indexOf(stopMigration))
  for (const sql of older) db.exec(sql)
  db.exec(`INSERT INTO facts (name, value) VALUES ('stopped', 'yes'); PRAGMA user_version = ${older.length}`)
  db.close()
  const upgraded = await startGateway({ policy: simplePolicy(), profile })
  onTestFinished(() => upgraded.close())
  expect(await upgraded.core.handlers.status({}, app)).toMatchObject({
    stopped: true,
    halts: [{ scope: 'all', since: null, by: '' }],
  })
  await upgraded.core.handlers.resume({}, approver)
  expect(await upgraded.core.handlers.status({}, app)).toMatchObject({ stopped: false, halts: [] })
})

test('a halt that cannot be read stays', async () => {
  await stop({ server: 'notes' })
  await gateway.stop()
  const db = openDatabase(gateway.paths.database)
  db.exec(`UPDATE halts SET body = '{'`)
  db.close()
  gateway = await startGateway({ policy: simplePolicy(), profile: gateway.profile })
  expect(await halts()).toMatchObject([{ scope: 'server', name: 'notes', reason: 'its record cannot be read' }])
  expect(await read(await connected('notes'))).toBe('STOPPED')
})
