import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Notification } from '../../src-main/core/ports.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, modernClient, send, tokenFor } from '../fakes/http-client.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { runs } from '../fakes/processes.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function start(options: Parameters<typeof startGateway>[0] = {}) {
  const gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 }, ...options })
  ends.push(() => gateway.close())
  const log = join(gateway.folder, 'script.log')
  await gateway.addServer('script', 'scripted-server', { SCRIPT_LOG: log })
  await gateway.addServer('notes', 'notes-server')
  writeFileSync(log, '')
  const port = gateway.core.httpPort ?? 0
  const { token, id } = await tokenFor(gateway.core)
  const lines = () => readFileSync(log, 'utf8').split('\n')
  const servers = () => lines().flatMap((line) => (line.startsWith('pid ') ? [Number(line.slice(4))] : []))
  return { gateway, port, token, id, lines, servers }
}

const status = (gateway: TestGateway) => gateway.core.handlers.status({}, person)

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.destroy()).once('error', () => resolve(false))
    socket.once('close', (failed) => failed || resolve(true))
  })
}

test('when the gateway ends nothing is left: no server, no open stream, no port', async () => {
  const { gateway, port, token, servers, lines } = await start()
  const legacy = await legacyClient(port, token, 'notes')
  const standing = await legacy.listen()
  const listening = modernClient(port, token, 'script').start('subscriptions/listen', { notifications: {} })
  const stream = await listening.events()
  await stream.until((data) => data.includes('acknowledged'))
  const held = modernClient(port, token, 'script').start('tools/call', {
    ...{ name: 'read_script', arguments: { hold: 'it' } },
  })
  await expect.poll(() => lines().some((line) => line.includes('"hold"'))).toBe(true)
  expect(servers().map(runs)).toEqual([true])
  expect((await status(gateway)).sessions).toBe(2)
  await gateway.core.close()
  expect(servers().map(runs)).toEqual([false])
  expect(await answers(port)).toBe(false)
  await expect.poll(() => [standing.ended(), stream.ended()]).toEqual([true, true])
  expect((await held.whole()).body).toMatch(/SERVER_EXITED|CALL_CANCELLED/)
})

test('a port that another program holds leaves the door shut, and the warning is everywhere', async () => {
  const other: Server = createServer((_req, res) => res.end('not Toolgate'))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  ends.push(() => new Promise((resolve) => other.close(resolve)))
  const port = (other.address() as { port: number }).port
  const shown: Notification[] = []
  const gateway = await startGateway({
    ...{ policy: simplePolicy(), http: { port } },
    ports: { notify: (notification) => shown.push(notification) },
  })
  ends.push(() => gateway.close())
  const warning = expect.stringMatching(new RegExp(`port ${port}.*tokens.*token list`))
  expect(await status(gateway)).toMatchObject({ http: null, http_problem: warning })
  expect(gateway.core.httpPort).toBeNull()
  expect(gateway.problems).toContainEqual(expect.stringContaining('the HTTP door stays shut'))
  expect(shown).toContainEqual(expect.objectContaining({ kind: 'warning', body: warning }))
  // The gateway itself works, and nobody was pushed from the port.
  await gateway.addServer('notes', 'notes-server')
  const client = gateway.connect('notes')
  await client.initialize()
  expect((await client.call('read_note')).outcome).toBe('ok')
  expect((await send(port, 'GET', '/', {})).body).toBe('not Toolgate')
})

test('stop holds in the stateless generation too: what runs and waits ends, what comes is refused, until a person resumes', async () => {
  const { gateway, port, token, lines } = await start()
  const client = modernClient(port, token, 'script')
  const running = client.start('tools/call', { name: 'read_script', arguments: { hold: 'it' } })
  await expect.poll(() => lines().some((line) => line.includes('"hold"'))).toBe(true)
  const waiting = client.start('tools/call', { name: 'write_script', arguments: {} })
  await gateway.pending('write_script')
  await gateway.core.handlers.stop({ reason: 'test' }, person)
  for (const { whole } of [running, waiting]) expect((await whole()).body).toContain('STOPPED')
  // The server hears of it, and from then on of nothing.
  await expect.poll(() => lines().some((line) => line.includes('notifications/cancelled'))).toBe(true)
  const before = lines().length
  expect((await client.call('read_script')).outcome).toBe('STOPPED')
  expect((await client.request('resources/list')).body).toContain('STOPPED')
  expect(lines()).toHaveLength(before)
  await gateway.core.handlers.resume({}, person)
  expect((await client.call('read_script')).outcome).toBe('ok')
})

test('sessions that nobody uses end after 30 minutes, with their servers; a stream that is open is use', async () => {
  const { clock, advance } = movedClock()
  const { gateway, port, token, servers } = await start({ ports: { clock } })
  const client = modernClient(port, token, 'script')
  await client.call('read_script')
  const idle = await legacyClient(port, token, 'notes')
  const used = await legacyClient(port, token, 'notes')
  const stream = await used.listen()
  expect((await status(gateway)).sessions).toBe(3)
  advance(31 * 60_000)
  await expect.poll(async () => (await status(gateway)).sessions).toBe(1)
  await expect.poll(() => servers().map(runs)).toEqual([false])
  expect([(await idle.call('read_note')).status, (await used.call('read_note')).status]).toEqual([404, 200])
  expect(stream.ended()).toBe(false)
  expect((await client.call('read_script')).outcome).toBe('ok')
})

test('a client has 16 sessions at most; another client still gets one, and an unused one makes room', async () => {
  const { clock, advance } = movedClock()
  const { gateway, port, token } = await start({ ports: { clock } })
  const opened = await Promise.all(Array.from({ length: 16 }, () => legacyClient(port, token, 'notes')))
  expect(opened.map(({ first }) => first.status)).toEqual(opened.map(() => 200))
  const streams = await Promise.all(opened.map((client) => client.listen()))
  const over = await legacyClient(port, token, 'notes')
  expect([over.first.status, JSON.parse(over.first.body).error.data.code]).toEqual([429, 'TOO_MANY_SESSIONS'])
  expect((await modernClient(port, token, 'script').call('read_script')).status).toBe(429)
  const other = await tokenFor(gateway.core, 'other-client')
  expect((await legacyClient(port, other.token, 'notes')).first.status).toBe(200)
  advance(11_000)
  // Those that listen are in use, however long they say nothing.
  expect((await legacyClient(port, token, 'notes')).first.status).toBe(429)
  streams[3]?.req.destroy()
  let unusedMs = 0
  await expect
    .poll(async () => {
      advance(2_000)
      unusedMs += 2_000
      return (await legacyClient(port, token, 'notes')).first.status
    })
    .toBe(200)
  expect(unusedMs).toBeLessThan(30_000)
  expect((await status(gateway)).sessions).toBe(17)
  expect(streams.map(({ ended }) => ended())).toEqual(streams.map((_, index) => index === 3))
})
