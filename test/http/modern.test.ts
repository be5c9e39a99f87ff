import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { messagesOf, modernClient, modernHeaders, modernMeta, send, tokenFor } from '../fakes/http-client.ts'

let gateway: TestGateway
let port: number
let token: string
let id: string
let log: string

beforeEach(async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  log = join(gateway.folder, 'script.log')
  writeFileSync(log, '')
  await gateway.addServer('script', 'scripted-server', { SCRIPT_LOG: log })
  await gateway.addServer('old', 'notes-server')
  writeFileSync(log, '')
  port = gateway.core.httpPort ?? 0
  const made = await tokenFor(gateway.core)
  token = made.token
  id = made.id
})
afterEach(() => gateway.close())

const base64 = (text: string) => Buffer.from(text).toString('base64')
const read = (args: object) => ({ name: 'read_script', arguments: args })
/** What the server got, oldest first, without the requests of Toolgate itself. */
const arrived = () => {
  const lines = readFileSync(log, 'utf8').split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('pid ') && !line.includes('"toolgate-'))
}
const sessions = async () => (await gateway.core.handlers.status({}, person)).sessions
const client = () => modernClient(port, token, 'script')
const errorOf = (body: string) => JSON.parse(body).error

test('connections of one token share a server, and each gets what is its own under its own names', async () => {
  const progress =
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":$TOKEN,"progress":0.10}}'
  const answer = (word: string) =>
    ` {"result":{"resultType":"complete","content":[],"said":"${word}","n":12345678901234567890},"id":$ID,"jsonrpc":"2.0"}`
  const script = (word: string) => read({ first: [base64(progress)], answer: base64(answer(word)), hold: word })
  // Equal ids and tokens, in spellings that a parser would not keep.
  const names = { id: '9007199254740993', tokenText: '1e2' }
  const one = client().start('tools/call', script('one'), names)
  const first = await one.events()
  const told = progress.replace('$TOKEN', '1e2')
  await first.until((data) => data === told)
  const two = client().start('tools/call', script('two'), names)
  const second = await two.events()
  await second.until((data) => data === told)
  expect((await client().call('read_script', { release: 'two' })).outcome).toBe('ok')
  const said = (word: string) => answer(word).replace('$ID', names.id)
  await second.until((data) => data === said('two'))
  await expect.poll(second.ended).toBe(true)
  expect(first.ended()).toBe(false)
  await client().call('read_script', { release: 'one' })
  await first.until((data) => data === said('one'))
  expect(first.events.map(({ data }) => data)).toEqual([told, said('one')])
  expect(second.events.map(({ data }) => data)).toEqual([told, said('two')])
  expect(await sessions()).toBe(1)

  // To the server only the names differ from what was sent, and they differ from each other.
  const got = arrived().filter((line) => line.includes('"hold"'))
  const numbers = got.map((line) => JSON.parse(line).id as number)
  expect(new Set(numbers).size).toBe(2)
  const renamed = [one.sent, two.sent].map((sent, index) =>
    sent
      .replace(`"id":${names.id}`, `"id":${numbers[index]}`)
      .replace('"progressToken":1e2', `"progressToken":${numbers[index]}`),
  )
  expect(got).toEqual(renamed)
})

test('a server that writes our names as another number of the same value is understood', async () => {
  const progress =
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":$TOKEN.0,"progress":1}}'
  const answer = '{"jsonrpc":"2.0","id":$ID.0,"result":{"resultType":"complete","content":[]}}'
  const call = client().start('tools/call', read({ first: [base64(progress)], answer: base64(answer) }), {
    ...{ id: '"mine"', tokenText: '"token"' },
  })
  const { events, until } = await call.events()
  await until((data) => data.includes('"result"'))
  expect(events.map(({ data }) => data)).toEqual([
    progress.replace('$TOKEN.0', '"token"'),
    answer.replace('$ID.0', '"mine"'),
  ])
})

test('closing the stream of an answer cancels that request, and no other of the same id', async () => {
  const one = client().start('tools/call', read({ hold: 'one' }), { id: '"same"' })
  await expect.poll(() => arrived().length).toBe(1)
  const two = client().start('tools/call', read({ hold: 'two' }), { id: '"same"' })
  await expect.poll(() => arrived().length).toBe(2)
  const own = JSON.parse(arrived()[0] ?? '').id
  one.req.destroy()
  await expect.poll(() => arrived().length).toBe(3)
  const heard = JSON.parse(arrived()[2] ?? '')
  expect([heard.method, heard.params.requestId]).toEqual(['notifications/cancelled', own])
  await expect.poll(() => gateway.states('read_script').filter((state) => state.startsWith('closed'))).toHaveLength(1)
  expect(gateway.states('read_script').at(-1)).toContain('cancelled')
  await client().call('read_script', { release: 'two' })
  expect(JSON.parse((await two.whole()).body)).toMatchObject({ id: 'same', result: {} })
  expect(arrived().filter((line) => line.includes('notifications/cancelled'))).toHaveLength(1)
})

test('closing the stream of a call that waits for a person ends the question', async () => {
  const asked = client().start('tools/call', { name: 'write_script', arguments: {} })
  await gateway.pending('write_script')
  asked.req.destroy()
  await expect.poll(() => gateway.states('write_script').at(-1)).toBe('closed cancelled CALL_CANCELLED')
  expect(await gateway.core.handlers['approvals.list']({}, person)).toEqual([])
  expect(arrived()).toEqual([])
})

test('a message about cancelling cancels nothing: its id could be that of another connection', async () => {
  const held = client().start('tools/call', read({ hold: 'it' }), { id: '5' })
  await expect.poll(() => arrived().length).toBe(1)
  for (const requestId of [5, JSON.parse(arrived()[0] ?? '').id]) {
    const params = { requestId, _meta: modernMeta }
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params })
    const headers = modernHeaders(token, 'notifications/cancelled')
    expect((await send(port, 'POST', '/mcp/script', headers, body)).status).toBe(202)
  }
  await client().call('read_script', { release: 'it' })
  expect(JSON.parse((await held.whole()).body)).toMatchObject({ id: 5, result: {} })
  expect(arrived()).toHaveLength(2)
})

test('subscriptions: each listener hears under its own id, until it leaves or the server ends it', async () => {
  const listen = () =>
    client().start('subscriptions/listen', { notifications: { toolsListChanged: true } }, { id: '"listen:0"' })
  const key = 'io.modelcontextprotocol/subscriptionId'
  const [one, two] = [listen(), listen()]
  const streams = await Promise.all([one.events(), two.events()])
  for (const stream of streams) {
    const { data } = await stream.until((text) => text.includes('acknowledged'))
    expect(JSON.parse(data).params).toEqual({ notifications: { toolsListChanged: true }, _meta: { [key]: 'listen:0' } })
  }
  await client().call('read_script', { announce: true })
  for (const stream of streams) {
    const { data } = await stream.until((text) => text.includes('list_changed'))
    expect(JSON.parse(data).params).toEqual({ _meta: { [key]: 'listen:0' } })
    expect(stream.events).toHaveLength(2)
  }
  one.req.destroy()
  await expect.poll(() => arrived().at(-1)).toContain('notifications/cancelled')
  await client().call('read_script', { dismiss: true })
  const { data } = await streams[1].until((text) => text.includes('"result"'))
  expect(JSON.parse(data)).toEqual({
    ...{ jsonrpc: '2.0', id: 'listen:0' },
    result: { resultType: 'complete', _meta: { [key]: 'listen:0' } },
  })
  await expect.poll(streams[1].ended).toBe(true)
})

const version = 'mcp-protocol-version'
const encoded = (text: string) => `=?base64?${base64(text)}?=`

test.each<[what: string, more: Record<string, string | undefined>, code: number]>([
  ['no version header', { [version]: undefined }, -32020],
  ['another version in the header', { [version]: '2025-11-25' }, -32020],
  ['no Mcp-Method', { 'mcp-method': undefined }, -32020],
  ['another Mcp-Method', { 'mcp-method': 'tools/list' }, -32020],
  ['no Mcp-Name', { 'mcp-name': undefined }, -32020],
  ['another Mcp-Name', { 'mcp-name': 'write_script' }, -32020],
  ['an Mcp-Name that is not well-formed', { 'mcp-name': '=?base64?!?=' }, -32020],
  ['another encoded Mcp-Name', { 'mcp-name': encoded('write_script') }, -32020],
  ['no header for the argument that is repeated there', { 'mcp-param-region': undefined }, -32020],
  ['another value in that header', { 'mcp-param-region': 'us' }, -32020],
])('%s is refused with 400 and reaches no server', async (_what, more, code) => {
  const headers = { 'mcp-param-region': 'eu', ...more }
  const answer = await client().request('tools/call', read({ region: 'eu' }), { id: '"x"', more: headers })
  expect([answer.status, errorOf(answer.body).code, JSON.parse(answer.body).id]).toEqual([400, code, 'x'])
  expect(arrived()).toEqual([])
  expect(await sessions()).toBe(0)
})

test('headers that say what the body says pass, encoded too', async () => {
  const more = { 'mcp-name': encoded('read_script'), 'mcp-param-region': encoded('eu') }
  expect((await client().request('tools/call', read({ region: 'eu' }), { more })).status).toBe(200)
  expect(arrived()).toHaveLength(1)
})

test.each<[what: string, meta: object, more: Record<string, string>, code: number]>([
  [
    'an unknown version',
    { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' },
    { [version]: '2099-01-01' },
    -32022,
  ],
  ['no capabilities', { 'io.modelcontextprotocol/clientCapabilities': undefined }, {}, -32602],
  ['no version in the body', { 'io.modelcontextprotocol/protocolVersion': undefined }, {}, -32602],
])('an envelope with %s is refused with 400', async (_what, meta, more, code) => {
  const params = { _meta: { ...modernMeta, ...meta } }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params })
  const answer = await send(port, 'POST', '/mcp/script', { ...modernHeaders(token, 'tools/list'), ...more }, body)
  expect([answer.status, errorOf(answer.body).code]).toEqual([400, code])
})

test('a server of the older generation says which versions it speaks, so that clients fall back', async () => {
  const answer = await modernClient(port, token, 'old').request('server/discover')
  expect([answer.status, errorOf(answer.body)]).toMatchObject([
    400,
    { code: -32022, data: { requested: '2026-07-28', supported: expect.arrayContaining(['2025-11-25']) } },
  ])
})

test('an unknown method is 404, and so is the handshake of the older generation', async () => {
  for (const method of ['vendor/unknown', 'initialize']) {
    const answer = await client().request(method)
    expect([answer.status, errorOf(answer.body).code]).toEqual([404, -32601])
  }
  expect(arrived().some((line) => line.includes('"initialize"'))).toBe(false)
})

test('GET and DELETE have no meaning, and an answer that nobody asked for is refused', async () => {
  for (const method of ['GET', 'DELETE']) {
    const answer = await send(port, method, '/mcp/script', modernHeaders(token, ''))
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST'])
  }
  const answer = await send(
    port,
    'POST',
    '/mcp/script',
    modernHeaders(token, ''),
    '{"jsonrpc":"2.0","id":1,"result":{}}',
  )
  expect([answer.status, errorOf(answer.body).data.code]).toEqual([400, 'MALFORMED'])
})

test('a server that ends takes its requests along, and the next request has a new one', async () => {
  const held = client().start('tools/call', read({ hold: 'it' }))
  await expect.poll(() => arrived().length).toBe(1)
  expect((await client().call('read_script', { exit: true })).outcome).toBe('SERVER_EXITED')
  expect((await held.whole()).body).toContain('SERVER_EXITED')
  expect((await client().call('read_script')).outcome).toBe('ok')
  expect(await sessions()).toBe(1)
})

test('what is answered at once is JSON, in a form that a client can read without events', async () => {
  const answer = await client().request('tools/list', {}, { more: { accept: 'application/json' } })
  expect(answer.headers['content-type']).toBe('application/json')
  expect(JSON.parse(messagesOf(answer)[0] ?? '').result.tools).toHaveLength(2)
})

test('a revoked token is refused at once, and its streams end', async () => {
  const listening = client().start('subscriptions/listen', { notifications: {} })
  const stream = await listening.events()
  await stream.until((text) => text.includes('acknowledged'))
  await gateway.core.handlers['clients.revoke']({ id }, person)
  await expect.poll(stream.ended).toBe(true)
  expect((await client().call('read_script')).status).toBe(401)
  expect(await sessions()).toBe(0)
})
