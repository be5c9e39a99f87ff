import { readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Settings } from '../../shared/settings.ts'
import { createSeats } from '../../src-main/core/http/seats.ts'
import { liveLimits } from '../../src-main/core/limits.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, modernClient, modernHeaders, modernMeta, sendBytes, tokenFor } from '../fakes/http-client.ts'
import { movedClock } from '../fakes/moved-clock.ts'

const { clock, advance } = movedClock()
const limit = 65_536
let gateway: TestGateway
let port: number
let log: string

beforeAll(async () => {
  gateway = await startGateway({
    ...{ policy: simplePolicy(), http: { port: 0 }, ports: { clock } },
    settings: { max_message_bytes: limit },
  })
  log = join(gateway.folder, 'script.log')
  await gateway.addServer('script', 'scripted-server', { SCRIPT_LOG: log })
  await gateway.addServer('notes', 'notes-server')
  writeFileSync(log, '')
  port = gateway.core.httpPort ?? 0
})
afterAll(() => gateway.close())

const arrived = (text: string) =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes(text))

/** A request of the stateless generation as bytes, its body apart. */
function bytesOf(token: string, tool: string, args: object, more: Record<string, string> = {}) {
  const params = { name: tool, arguments: args, _meta: modernMeta }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
  const headers = Object.entries({
    ...{ host: `127.0.0.1:${port}`, 'content-length': String(body.length) },
    ...{ ...modernHeaders(token, 'tools/call', tool), ...more },
  })
  return {
    head: `POST /mcp/script HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    body,
  }
}

/** A socket that is written to step by step. */
function open(to = port) {
  const socket = connect(to, '127.0.0.1')
  let got = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    got += chunk
  })
  socket.on('error', () => {
    // Being cut off is what some of these tests are about.
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return { socket, got: () => got, closed }
}

const write = (socket: Socket, text: string) => new Promise<void>((resolve) => socket.write(text, () => resolve()))

test('an expectation that nobody knows says nothing before the checks', async () => {
  const { head, body } = bytesOf('tg_no', 'read_script', {}, { expect: 'wonders', connection: 'close' })
  expect(await sendBytes(port, head + body)).toMatch(/^HTTP\/1.1 401 /)
})

test('a token that is revoked while the body comes is refused, and opens nothing', async () => {
  const { id, token } = await tokenFor(gateway.core, 'slow-client')
  const { head, body } = bytesOf(
    token,
    'read_script',
    { mark: 'late' },
    { connection: 'close', expect: '100-continue' },
  )
  const { socket, got, closed } = open()
  await write(socket, head)
  // It was let in.
  await expect.poll(got).toMatch(/^HTTP\/1.1 100 /)
  const before = (await gateway.core.handlers.status({}, person)).sessions
  await gateway.core.handlers['clients.revoke']({ id }, person)
  await write(socket, body)
  await closed
  expect(got()).toMatch(/HTTP\/1.1 401 .*NO_TOKEN/s)
  expect((await gateway.core.handlers.status({}, person)).sessions).toBe(before)
  expect(arrived('late')).toEqual([])
})

test('a connection serves one request at a time: another one behind it ends both', async () => {
  const { token } = await tokenFor(gateway.core, 'hasty-client')
  const first = bytesOf(token, 'write_script', {})
  const second = bytesOf(token, 'read_script', { mark: 'behind' })
  const { socket, got, closed } = open()
  await write(socket, first.head + first.body)
  await gateway.pending('write_script')
  await write(socket, second.head + second.body)
  await closed
  expect(got()).toBe('')
  await expect.poll(() => gateway.states('write_script').at(-1)).toBe('closed cancelled CALL_CANCELLED')
  expect(arrived('behind')).toEqual([])
})

test('a body that grows too large is refused while it is still sent', async () => {
  const { token } = await tokenFor(gateway.core, 'endless-client')
  const { head } = bytesOf(token, 'read_script', {})
  const { socket, got, closed } = open()
  await write(socket, head.replace(/content-length: \d+/, 'transfer-encoding: chunked'))
  const chunk = 'x'.repeat(8_192)
  for (let sent = 0; sent <= limit; sent += chunk.length) await write(socket, `2000\r\n${chunk}\r\n`)
  await expect.poll(got).toMatch(/^HTTP\/1.1 413 .*MESSAGE_TOO_LARGE/s)
  await closed
})

test('bodies that are not complete are bounded per client, and bound nobody else', async () => {
  const { token } = await tokenFor(gateway.core, 'wide-client')
  const { head } = bytesOf(token, 'read_script', {}, { 'content-length': String(limit), expect: '100-continue' })
  const begun: ReturnType<typeof open>[] = []
  for (let index = 0; index < 3; index++) {
    const sent = open()
    await write(sent.socket, head)
    await expect.poll(sent.got).toMatch(/^HTTP\/1.1 100 /)
    await write(sent.socket, 'x'.repeat(limit - 1_000))
    begun.push(sent)
  }
  await expect.poll(() => begun.filter(({ got }) => got().includes('HTTP/1.1 429 ')).length).toBe(1)
  const other = await tokenFor(gateway.core, 'narrow-client')
  expect((await modernClient(port, other.token, 'script').call('read_script')).outcome).toBe('ok')
  for (const { socket } of begun) socket.destroy()
  await expect.poll(async () => (await modernClient(port, token, 'script').call('read_script')).outcome).toBe('ok')
})

test('one session has 128 open requests at most', async () => {
  const { id, token } = await tokenFor(gateway.core, 'many-client')
  const client = await legacyClient(port, token, 'notes')
  const held = await Promise.all(
    Array.from({ length: 128 }, (_, index) =>
      client.stream(
        `{"jsonrpc":"2.0","id":${index},"method":"tools/call","params":{"name":"slow_read","arguments":{}}}`,
      ),
    ),
  )
  const over = await client.post('{"jsonrpc":"2.0","id":"over","method":"ping"}')
  expect([over.status, JSON.parse(over.body).id, JSON.parse(over.body).error.data.code]).toEqual([
    ...[429, 'over', 'TOO_MANY_REQUESTS'],
  ])
  await gateway.core.handlers['clients.revoke']({ id }, person)
  await expect.poll(() => held.every(({ ended }) => ended())).toBe(true)
})

test.each([
  ['JSON', 'application/json'],
  ['events', 'text/event-stream'],
])('an answer as %s that is left unread is cut off', async (_what, accept) => {
  // At two bytes each more than the system keeps on the way, and less than is withheld for its size.
  const size = 7_000_000
  const own = await startGateway({ policy: simplePolicy(), http: { port: 0 }, ports: { clock } })
  try {
    await own.addServer('script', 'scripted-server')
    const { token } = await tokenFor(own.core)
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'script/pad',
      params: { pad: size, _meta: modernMeta },
    })
    const { head } = bytesOf(
      token,
      '',
      {},
      { accept, connection: 'close', 'mcp-method': 'script/pad', 'content-length': `${body.length}` },
    )
    const { socket, got, closed } = open(own.core.httpPort ?? 0)
    socket.once('data', () => socket.pause())
    await write(socket, head.replace(`127.0.0.1:${port}`, `127.0.0.1:${own.core.httpPort}`) + body)
    await expect.poll(got, { timeout: 20_000 }).toMatch(/^HTTP\/1.1 200 /)
    advance(31_000)
    socket.resume()
    await closed
    expect(got().length).toBeLessThan(2 * size)
  } finally {
    await own.close()
  }
})

test('a connection that says nothing, or never ends what it says, is cut off', async () => {
  const silent = open()
  await Promise.all([silent.closed, sendBytes(port, 'POST /mcp/notes HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow:')])
  expect(silent.got()).toBe('')
}, 30_000)

test('a seat that nobody could take is free again', () => {
  const seats = createSeats(liveLimits(Settings.parse({})))
  const broken = () => {
    throw new Error('no session came of it')
  }
  for (let index = 0; index < 100; index++) expect(() => seats.take('one', broken)).toThrow('no session')
  expect(seats.take('one', () => ({ idleMs: () => 0, end: () => {} }))).not.toBeNull()
})
