import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Settings } from '../../shared/settings.ts'
import type { Notification } from '../../src-main/core/ports.ts'
import { readSettingsAgain } from '../../src-main/host/settings.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, modernClient, modernMeta, tokenFor } from '../fakes/http-client.ts'
import { addMixed } from '../fakes/mixed.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { runs, until } from '../fakes/processes.ts'

let gateway: TestGateway
afterEach(() => gateway.close())

async function begin(settings: Partial<Settings>, options: Parameters<typeof startGateway>[0] = {}) {
  gateway = await startGateway({ policy: simplePolicy(), settings, ...options })
  await gateway.addServer('notes', 'notes-server')
}
async function client() {
  const made = gateway.connect('notes')
  return { made, answer: await made.initialize() }
}
const refusedBy = (name: string, value: number) => ({
  code: 40301,
  data: { code: 'LIMIT_REACHED', hint: expect.stringContaining('toolgate settings show') },
  message: expect.stringContaining(`\`${name}\` is ${value} (`),
})

test('requests of one session, and of all: the one too many is refused, and there is room again once one is answered', async () => {
  await begin({ calls_per_session: 2, calls_in_all: 3 })
  const [{ made: one }, { made: two }] = [await client(), await client()]
  const held = [one.call('slow_read'), one.call('slow_read')]
  const over = await one.request('ping')
  expect(over.error).toMatchObject(refusedBy('calls_per_session', 2))
  held.push(two.call('slow_read'))
  await until('three are open', async () => (await two.request('ping')).error !== undefined)
  expect((await two.request('ping')).error).toMatchObject(refusedBy('calls_in_all', 3))
  await gateway.core.handlers['servers.stop']({ name: 'notes' }, person)
  expect((await Promise.all(held)).map(({ outcome }) => outcome)).toEqual(held.map(() => 'SERVER_EXITED'))
  expect((await one.call('read_note')).outcome).toBe('ok')
})

test('sessions of one client and of all count once they use their server; a place is free when one ends', async () => {
  await begin({ sessions_per_client: 2 })
  const [first] = [await client(), await client()]
  const third = await client()
  expect(third.answer.error).toMatchObject(refusedBy('sessions_per_client', 2))
  await first.made.close()
  await expect.poll(async () => (await third.made.initialize()).error).toBeUndefined()
})

test('server processes in all', async () => {
  await begin({ server_processes: 1 })
  await client()
  expect((await client()).answer.error).toMatchObject(refusedBy('server_processes', 1))
})

test('messages that wait for a server which does not start yet', async () => {
  const moved = movedClock()
  await begin({ queued_messages: 16 }, { ports: { clock: moved.clock } })
  const { made } = await client()
  expect((await made.call('crash_read')).outcome).toBe('SERVER_EXITED')
  const answers = await Promise.all(Array.from({ length: 17 }, () => made.request('ping')))
  expect(answers.filter(({ error }) => error === undefined)).toHaveLength(16)
  expect(answers.find(({ error }) => error)?.error).toMatchObject(refusedBy('queued_messages', 16))
})

test('messages that come before a server has said how it is spoken to', async () => {
  gateway = await startGateway({ policy: simplePolicy(), settings: { queued_messages: 16 } })
  const log = join(gateway.folder, 'slow.log')
  await addMixed(gateway, 'slow', { tools: ['read'], startMs: 500 }, { MIXED_LOG: log })
  const made = gateway.connect('slow')
  const begun = made.initialize()
  for (let at = 0; at < 100; at++) made.write('{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}')
  const refused = await made.request('ping')
  expect(refused.error).toMatchObject(refusedBy('queued_messages', 16))
  expect((await begun).error).toBeUndefined()
  expect((await made.call('read')).outcome).toBe('ok')
  expect(readFileSync(log, 'utf8').split('roots/list_changed')).toHaveLength(17)
})

test('requests of a session with all servers, also those that reach none', async () => {
  await begin({ calls_per_session: 2 })
  const all = gateway.connect('', ['--all'])
  await all.initialize()
  const params = { notifications: { toolsListChanged: true }, _meta: modernMeta }
  for (const id of ['a', 'b']) all.write(JSON.stringify({ jsonrpc: '2.0', id, method: 'subscriptions/listen', params }))
  expect((await all.request('tools/list')).error).toMatchObject(refusedBy('calls_per_session', 2))
  all.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"a"}}')
  expect((await all.request('tools/list')).error).toBeUndefined()
})

test('sessions over HTTP name their limits', async () => {
  await begin({ http_sessions_per_client: 1 }, { http: { port: 0 } })
  const { token } = await tokenFor(gateway.core)
  const port = gateway.core.httpPort ?? 0
  await legacyClient(port, token, 'notes')
  const { first } = await legacyClient(port, token, 'notes')
  expect([first.status, first.body]).toEqual([429, expect.stringContaining('`http_sessions_per_client` is 1')])
})

test('a server of the stateless generation that nobody asks anything ends, and is there again; one of the older stays', async () => {
  const moved = movedClock()
  await begin({ server_idle_sec: 60 }, { ports: { clock: moved.clock } })
  await gateway.addServer('script', 'scripted-server')
  const legacy = await client()
  const modern = gateway.connect('script')
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const call = () => modern.request('tools/call', { name: 'read_script', arguments: {}, _meta: meta })
  const held = modern.request('tools/call', { name: 'read_script', arguments: { hold: 'it' }, _meta: meta })
  await until('the call is with the server', async () => (await pidOf('script')) !== null)
  const pid = await pidOf('script')
  moved.advance(120_000)
  expect(await pidOf('script')).toBe(pid)
  await modern.request('tools/call', { name: 'read_script', arguments: { release: 'it' }, _meta: meta })
  expect((await held).error).toBeUndefined()
  moved.advance(120_000)
  await until('it ended', async () => (await pidOf('script')) === null)
  expect(runs(pid ?? 0)).toBe(false)
  expect((await call()).error).toBeUndefined()
  expect(await pidOf('notes')).not.toBeNull()
  expect((await legacy.made.call('read_note')).outcome).toBe('ok')
})

async function pidOf(server: string): Promise<number | null> {
  const all = await gateway.core.handlers['servers.runs']({}, person)
  return all.find(({ name }) => name === server)?.processes[0]?.pid ?? null
}

test('settings follow their file: limits hold at once, what needs a restart says so, a mistake changes nothing', async () => {
  const shown: Notification[] = []
  const moved = movedClock()
  const notify = (notification: Notification) => void shown.push(notification)
  await begin({}, { ports: { clock: moved.clock, notify }, follow: readSettingsAgain })
  const file = gateway.paths.settings
  const view = () => gateway.core.handlers['settings.show']({}, person)
  const settingOf = async (name: string) => (await view()).settings.find((setting) => setting.name === name)
  const { made } = await client()
  const write = async (text: string, name: string) => {
    const before = JSON.stringify(await view())
    writeFileSync(file, text)
    await until(`the settings are taken: ${name}`, async () => {
      moved.advance(2_000)
      return JSON.stringify(await view()) !== before
    })
  }
  await write('{"calls_per_session":1,"max_message_bytes":70000}', 'a limit')
  expect(await settingOf('calls_per_session')).toMatchObject({ value: 1, usual: 128, waits: false })
  expect(await settingOf('max_message_bytes')).toMatchObject({ value: 33_554_432, asked: 70_000, waits: true })
  expect(shown.at(-1)).toMatchObject({ body: 'restart Toolgate for: max_message_bytes' })
  void made.call('slow_read').catch(() => {})
  expect((await made.request('ping')).error).toMatchObject(refusedBy('calls_per_session', 1))

  await write('{"calls_per_session":"many"}', 'a mistake')
  expect((await view()).problem).toContain('calls_per_session')
  expect((await gateway.core.handlers.status({}, person)).settings_problem).toContain('calls_per_session')
  expect(await settingOf('calls_per_session')).toMatchObject({ value: 1 })
  await write('{}', 'the usual again')
  expect(await view()).toMatchObject({ problem: null })
  expect(await settingOf('max_message_bytes')).toMatchObject({ waits: false })
  expect((await made.request('ping')).error).toBeUndefined()
  const changes = gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'settings.changed')
  expect(changes).toHaveLength(2)
})

test('a limit of sessions over HTTP that idle holds for what is open already', async () => {
  const moved = movedClock()
  await begin({ http_session_idle_sec: 60 }, { http: { port: 0 }, ports: { clock: moved.clock } })
  const { token } = await tokenFor(gateway.core)
  const port = gateway.core.httpPort ?? 0
  const idle = await legacyClient(port, token, 'notes')
  moved.advance(80_000)
  await expect.poll(async () => (await idle.call('read_note')).status).toBe(404)
  expect((await modernClient(port, token, 'notes').request('ping')).status).not.toBe(429)
})
