import { readFileSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askingPolicy, person, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, messagesOf, send, tokenFor } from '../fakes/http-client.ts'

let gateway: TestGateway
let port: number
let token: string
let id: string
let log: string

beforeEach(async () => {
  gateway = await startGateway({ policy: askingPolicy(), http: { port: 0 } })
  log = join(gateway.folder, 'odd.log')
  writeFileSync(log, '')
  await gateway.addServer('odd', 'odd-server', { ODD_LOG: log })
  await gateway.addServer('notes', 'notes-server')
  port = gateway.core.httpPort ?? 0
  const made = await tokenFor(gateway.core)
  token = made.token
  id = made.id
})
afterEach(() => gateway.close())

const base64 = (text: string) => Buffer.from(text).toString('base64')
/** What the odd server got, oldest first, without the requests of Toolgate itself. */
const arrived = () => {
  const lines = readFileSync(log, 'utf8').split('\n')
  return lines.filter((line) => line !== '' && !line.includes('"toolgate-'))
}
const sessions = async () => (await gateway.core.handlers.status({}, person)).sessions

test('a session: calls are allowed, denied with their rule, and held for a person', async () => {
  const client = await legacyClient(port, token, 'notes')
  expect(client.first.status).toBe(200)
  expect(client.session).toMatch(/^[\w-]{32}$/)
  expect((await client.post('{"jsonrpc":"2.0","method":"notifications/initialized"}')).status).toBe(202)
  expect(await client.call('read_note', { text: 'a' })).toEqual({
    status: 200,
    outcome: 'ok',
    text: 'read_note did {"text":"a"}',
  })
  expect(await client.call('delete_note')).toMatchObject({
    outcome: 'POLICY_DENIED',
    text: expect.stringContaining('deny-destructive'),
  })
  const asked = client.call('write_note')
  const view = await gateway.pending('write_note')
  expect(view.client).toEqual({ id, name: 'http-client', identity: 'verified', pid: null })
  await gateway.answer(view, 'approve')
  expect((await asked).outcome).toBe('ok')
})

test.each([
  [
    'unknown keys, big integers and odd white space',
    '{ "x":[1.0], "id" : 9007199254740993,"jsonrpc":"2.0","method":"vendor/new","params":{"answer":"ANSWER","n":1e2} } ',
    ' {"vendor":true,"result":{"n":123456789012345678901234567890,"z":"\\u00e9"},"id":9007199254740993,"jsonrpc":"2.0"}',
  ],
  [
    'a call with fields of tomorrow',
    '{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"read_odd","arguments":{"n":9007199254740993,"answer":"ANSWER"},"later":null}}',
    '{"jsonrpc":"2.0","id":9,"result":{"content":[{"type":"hologram"}],"later":{},"n":1.50}}',
  ],
])('%s arrive byte for byte, both ways, as events and as JSON', async (_what, request, answer) => {
  const client = await legacyClient(port, token, 'odd')
  const sent = request.replace('ANSWER', base64(answer))
  expect(messagesOf(await client.post(sent))).toEqual([answer])
  const plain = await client.post(sent, { accept: 'application/json' })
  expect([plain.headers['content-type'], plain.body]).toEqual(['application/json', answer])
  expect(arrived().slice(-2)).toEqual([sent, sent])
})

test('a message over several lines arrives as one, its line ends as spaces', async () => {
  const client = await legacyClient(port, token, 'odd')
  const answer = '{"jsonrpc":"2.0","id":9,"result":{}}'
  const sent = `{"jsonrpc":"2.0",\r\n"id":9,"method":"vendor/new",\n"params":{"answer":"${base64(answer)}"}}`
  expect(messagesOf(await client.post(sent))).toEqual([answer])
  expect(arrived().at(-1)).toBe(sent.replaceAll(/[\r\n]/g, ' '))
})

test('what a server says during a request comes on the stream of that request, and answers go back', async () => {
  const client = await legacyClient(port, token, 'odd')
  const progress = (value: string) =>
    `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"${value}","progress":0.10}}`
  const sampling = '{"jsonrpc":"2.0","id":"srv-1","method":"sampling/createMessage","params":{"n":9007199254740993}}'
  const open = (number: number, mark: string, first: string[]) =>
    client.stream(
      `{"jsonrpc":"2.0","id":${number},"method":"tools/call","params":{"name":"read_odd","arguments":{"first":[${first
        .map((text) => `"${base64(text)}"`)
        .join(',')}],"hold":true},"_meta":{"progressToken":"${mark}"}}}`,
    )
  const one = await open(1, 'one', [progress('one')])
  await one.until((data) => data === progress('one'))
  const two = await open(2, 'two', [progress('one'), progress('two'), sampling])
  await two.until((data) => data === sampling)
  // Another connection: what was written to it first need not be read first.
  await expect.poll(() => one.events.map(({ data }) => data)).toEqual(['', progress('one'), progress('one')])
  expect(two.events.map(({ data }) => data)).toEqual(['', progress('two'), sampling])
  const reply = '{"jsonrpc":"2.0","id":"srv-1","result":{"big":9007199254740993}}'
  expect((await client.post(reply)).status).toBe(202)
  await expect.poll(() => arrived().at(-1)).toBe(reply)
})

test('what belongs to no request waits for the one stream that stands, and there is only one', async () => {
  const client = await legacyClient(port, token, 'notes')
  const plain = { accept: 'application/json' }
  await client.post('{"jsonrpc":"2.0","id":1,"method":"notes/announce"}', plain)
  const stream = await client.listen()
  await stream.until((data) => data.includes('list_changed'))
  expect((await client.listen()).status).toBe(409)
  await client.post('{"jsonrpc":"2.0","id":2,"method":"notes/announce"}')
  await expect.poll(() => stream.events.filter(({ data }) => data.includes('list_changed')).length).toBe(2)
})

test('the stream of an answer begins with what is said, or a little later, when nothing is', async () => {
  const client = await legacyClient(port, token, 'notes')
  const soon = await client.post('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_note"}}')
  expect(soon.headers['content-type']).toBe('text/event-stream')
  const late = await client.stream('{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"write_note"}}')
  expect(late.events.every(({ data }) => data === '')).toBe(true)
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  await late.until((data) => data.includes('write_note did'))
})

test('a broken connection cancels nothing: the answer is fetched with the last event id', async () => {
  const client = await legacyClient(port, token, 'notes')
  const stream = await client.stream('{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"write_note"}}')
  const view = await gateway.pending('write_note')
  await expect.poll(() => stream.events).toMatchObject([{ data: '' }])
  stream.req.destroy()
  await gateway.answer(view, 'approve')
  await expect.poll(() => gateway.states('write_note').at(-1)).toBe('closed executed')
  const again = await client.listen(stream.events[0]?.id ?? '')
  await again.until((data) => data.includes('write_note did'))
  await expect.poll(again.ended).toBe(true)
  // As often as it is asked for, and from any event on.
  const last = again.events.at(-1)?.id ?? ''
  const once = await client.listen(stream.events[0]?.id ?? '')
  await once.until((data) => data.includes('write_note did'))
  const nothing = await client.listen(last)
  await expect.poll(nothing.ended).toBe(true)
  expect(nothing.events.map(({ data }) => data)).toEqual([''])
  const unknown = await send(port, 'GET', client.path, { ...client.headers, 'last-event-id': 'p99-1' })
  expect([unknown.status, JSON.parse(unknown.body).error.data.code]).toEqual([400, 'EVENTS_GONE'])
})

test('a client before 2025-11-25 gets no event without data', async () => {
  const path = '/mcp/notes'
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'text/event-stream' }
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'old', version: '1' } }
  const first = await send(
    port,
    'POST',
    path,
    headers,
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  )
  expect(first.headers['content-type']).toBe('text/event-stream')
  const session = { ...headers, 'mcp-session-id': String(first.headers['mcp-session-id']) }
  const answer = await send(port, 'POST', path, session, '{"jsonrpc":"2.0","id":2,"method":"ping"}')
  expect(answer.body).toMatch(/^retry: \d+\n\nid: p1-1\ndata: \{"jsonrpc":"2.0","id":2,"result":\{\}\}\n\n$/)
})

test('two open requests of one session cannot share an id', async () => {
  const client = await legacyClient(port, token, 'notes')
  const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow_read","arguments":{}}}'
  const stream = await client.stream(body)
  const second = await client.post(body)
  expect([second.status, JSON.parse(second.body).error.data.code]).toEqual([400, 'MALFORMED'])
  expect(stream.ended()).toBe(false)
})

test('a call that its client cancels ends its stream', async () => {
  const client = await legacyClient(port, token, 'notes')
  const stream = await client.stream('{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"write_note"}}')
  await gateway.pending('write_note')
  await client.post('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":8}}')
  await expect.poll(stream.ended).toBe(true)
  expect(gateway.states('write_note').at(-1)).toBe('closed cancelled CALL_CANCELLED')
})

test('DELETE ends the session and its server', async () => {
  const client = await legacyClient(port, token, 'notes')
  const stream = await client.listen()
  expect(await sessions()).toBe(1)
  expect((await send(port, 'DELETE', client.path, client.headers)).status).toBe(204)
  await expect.poll(stream.ended).toBe(true)
  expect(await sessions()).toBe(0)
  expect((await client.call('read_note')).status).toBe(404)
})

test('a revoked token is refused at once, and what it opened ends', async () => {
  const client = await legacyClient(port, token, 'notes')
  const stream = await client.listen()
  const waiting = client.call('write_note')
  await gateway.pending('write_note')
  await gateway.core.handlers['clients.revoke']({ id }, person)
  expect((await waiting).outcome).not.toBe('ok')
  await expect.poll(stream.ended).toBe(true)
  expect((await client.call('read_note')).status).toBe(401)
  expect(await sessions()).toBe(0)
  expect(gateway.states('write_note').at(-1)).toContain('cancelled')
})

test('what a connection proved counts for that token only, and until it is revoked', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const other = await tokenFor(gateway.core, 'other')
  const client = await legacyClient(port, token, 'notes')
  const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}'
  const ports = new Set<unknown>()
  agent.on('free', (socket) => ports.add(socket.localPort))
  const asked = async (bearer: string, method: string, sent?: string) => {
    const headers = { ...client.headers, authorization: `Bearer ${bearer}` }
    return (await send(port, method, client.path, headers, sent, agent)).status
  }
  const pinged = (bearer: string) => asked(bearer, 'POST', body)
  expect([await pinged(token), await pinged(token)]).toEqual([200, 200])
  expect(await pinged(other.token)).toBe(404)
  expect(await pinged(`tg_${'x'.repeat(43)}`)).toBe(401)
  expect(await pinged(token)).toBe(200)
  await gateway.core.handlers['clients.revoke']({ id }, person)
  // Before anything else is said, and again once a body has come.
  expect([await asked(token, 'GET'), await pinged(token)]).toEqual([401, 401])
  expect(await pinged(other.token)).toBe(404)
  expect(ports.size).toBe(1)
  agent.destroy()
})

test('stop ends what waits, and refuses until a person resumes', async () => {
  const client = await legacyClient(port, token, 'notes')
  const waiting = client.call('write_note')
  await gateway.pending('write_note')
  await gateway.core.handlers.stop({ reason: 'test' }, person)
  expect((await waiting).outcome).toBe('STOPPED')
  expect((await client.call('read_note')).outcome).toBe('STOPPED')
  await gateway.core.handlers.resume({}, person)
  expect((await client.call('read_note')).outcome).toBe('ok')
})

test('a server that ends leaves its session, and the next call has a new one', async () => {
  const client = await legacyClient(port, token, 'notes')
  expect((await client.call('crash_read')).outcome).toBe('SERVER_EXITED')
  expect((await client.call('read_note')).outcome).toBe('ok')
  expect(await sessions()).toBe(1)
})

test('a server that is not approved is refused, and leaves no session', async () => {
  const launch = {
    transport: 'stdio' as const,
    command: process.execPath,
    args: ['-e', ''],
    env: {},
    cwd: gateway.folder,
  }
  const rest = { trust_level: 'restricted', environment: 'test', risk_tags: [] } as const
  await gateway.core.handlers['servers.add']({ name: 'new', launch, ...rest, risk_tags: [] }, person)
  const { first, session } = await legacyClient(port, token, 'new')
  expect([first.status, JSON.parse(first.body).error.data.code, session]).toEqual([200, 'SERVER_NOT_APPROVED', ''])
  expect(await sessions()).toBe(0)
})
