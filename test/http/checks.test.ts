import { afterAll, beforeAll, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { bothForms, legacyClient, send, sendBytes, tokenFor } from '../fakes/http-client.ts'

let gateway: TestGateway
let port: number
let token: string

beforeAll(async () => {
  gateway = await startGateway({
    policy: simplePolicy(),
    settings: { max_message_bytes: 65_536 },
    http: { port: 0 },
  })
  await gateway.addServer('notes', 'notes-server')
  port = gateway.core.httpPort ?? 0
  token = (await tokenFor(gateway.core)).token
})
afterAll(() => gateway.close())

const good = () => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
  accept: bothForms,
})
const ping = '{"jsonrpc":"2.0","id":7,"method":"ping"}'
const codeOf = (body: string) => JSON.parse(body).error.data.code

test('status says where the door is', async () => {
  expect(await gateway.core.handlers.status({}, { name: 'app', present: false, pid: null })).toMatchObject({
    http: `http://127.0.0.1:${port}/mcp/<server>`,
    http_problem: null,
  })
})

test.each([
  ['another name', 'evil.example.com'],
  ['our name with another port', '127.0.0.1:1'],
  ['our name without its port', '127.0.0.1'],
  ['another spelling of this machine', `[::1]:PORT`],
  ['a name below ours', `a.localhost:PORT`],
  ['a number for this machine', `2130706433:PORT`],
])('a Host that is %s is refused before the token is looked at', async (_what, host) => {
  const headers = { ...good(), host: host.replace('PORT', String(port)) }
  const answer = await send(port, 'POST', '/mcp/notes', headers, ping)
  expect([answer.status, codeOf(answer.body)]).toEqual([403, 'WRONG_HOST'])
})

test('a missing or repeated Host is refused', async () => {
  for (const hosts of ['', `Host: 127.0.0.1:${port}\r\nHost: evil.example.com\r\n`]) {
    const got = await sendBytes(port, `GET /mcp/notes HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`)
    expect(got).toMatch(/^HTTP\/1.1 403 /)
    expect(got).toContain('WRONG_HOST')
  }
})

test.each([
  ['http://evil.example.com'],
  ['http://127.0.0.1'],
  ['http://127.0.0.1:1'],
  ['null'],
  ['https://localhost:PORT'],
])('an Origin of %s is refused, without a CORS header', async (origin) => {
  const headers = { ...good(), origin: origin.replace('PORT', String(port)) }
  for (const method of ['POST', 'OPTIONS']) {
    const answer = await send(port, method, '/mcp/notes', headers, ping)
    expect([answer.status, codeOf(answer.body)]).toEqual([403, 'WRONG_ORIGIN'])
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  }
})

test('our own Origin passes, and both names of this machine do', async () => {
  for (const name of ['127.0.0.1', 'localhost']) {
    const headers = { ...good(), host: `${name}:${port}`, origin: `http://${name}:${port}` }
    expect(codeOf((await send(port, 'POST', '/mcp/notes', headers, ping)).body)).toBe('NO_SESSION')
  }
})

test('without a token every request gets the same answer, whatever it asks', async () => {
  const revoked = await tokenFor(gateway.core, 'revoked')
  await gateway.core.handlers['clients.revoke']({ id: revoked.id }, { name: 'terminal', present: true, pid: 1 })
  const tries = [
    undefined,
    'Bearer ',
    'Bearer nonsense',
    `Bearer tg_${'A'.repeat(43)}`,
    `Bearer ${revoked.token}`,
    `Basic ${token}`,
    token,
    `Bearer ${token}x`,
  ]
  const answers = new Set<string>()
  for (const authorization of tries) {
    for (const [method, path] of [
      ['POST', '/mcp/notes'],
      ['POST', '/mcp/nothing'],
      ['POST', `/mcp/notes?token=${token}`],
      ['GET', '/mcp/notes'],
      ['DELETE', '/mcp/notes'],
      ['PUT', '/elsewhere'],
      ['PROPFIND', '/mcp/notes'],
      ['GET', '/mcp/%zz'],
      ['GET', `/mcp/${'a'.repeat(300)}`],
    ]) {
      const answer = await send(
        port,
        method ?? '',
        path ?? '',
        { ...good(), authorization, 'content-type': 'text/x' },
        '{',
      )
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer (error="invalid_token", )?resource_metadata="/)
      answers.add(`${answer.status} ${answer.body}`)
    }
  }
  expect([...answers]).toEqual([expect.stringMatching(/^401 .*NO_TOKEN/)])
})

test('a body is not asked for before its caller was let in', async () => {
  const ask = (authorization: string) =>
    sendBytes(
      port,
      `POST /mcp/notes HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${authorization}\r\nAccept: */*\r\nConnection: close\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${ping.length}\r\nExpect: 100-continue\r\n\r\n${ping}`,
    )
  expect(await ask('Bearer no')).toMatch(/^HTTP\/1.1 401 /)
  expect(await ask(`Bearer ${token}`)).toMatch(/^HTTP\/1.1 100 /)
})

test.each<[what: string, method: string, path: string, headers: object, body: string, expected: [number, string]]>([
  ['another method', 'PUT', '/mcp/notes', {}, ping, [405, 'WRONG_METHOD']],
  ['another method elsewhere', 'PATCH', '/', {}, ping, [405, 'WRONG_METHOD']],
  ['a method of WebDAV', 'PROPFIND', '/mcp/notes', {}, '', [405, 'WRONG_METHOD']],
  ['HEAD', 'OPTIONS', '/mcp/notes', {}, '', [405, 'WRONG_METHOD']],
  ['another path', 'POST', '/mcps', {}, ping, [404, 'NOT_HERE']],
  ['a path below', 'POST', '/mcp/notes/', {}, ping, [404, 'NOT_HERE']],
  ['a query', 'POST', '/mcp/notes?a=1', {}, ping, [404, 'NOT_HERE']],
  ['a name that is none', 'POST', '/mcp/..%2fnotes', {}, ping, [404, 'NOT_HERE']],
  ['a path that cannot be read', 'POST', '/mcp/%zz', {}, ping, [404, 'NOT_HERE']],
  ['a server that is not there', 'POST', '/mcp/nothing', {}, ping, [404, 'SERVER_UNKNOWN']],
  ['another content type', 'POST', '/mcp/notes', { 'content-type': 'text/plain' }, ping, [415, 'WRONG_TYPE']],
  ['a content type that is none', 'POST', '/mcp/notes', { 'content-type': ';;;' }, ping, [415, 'WRONG_TYPE']],
  ['no content type', 'POST', '/mcp/notes', { 'content-type': undefined }, ping, [415, 'WRONG_TYPE']],
  ['no form that we have', 'POST', '/mcp/notes', { accept: 'image/png' }, ping, [406, 'WRONG_ACCEPT']],
  ['no JSON', 'POST', '/mcp/notes', {}, '{', [400, 'MALFORMED_MESSAGE']],
  ['a batch without a session', 'POST', '/mcp/notes', {}, `[${ping}]`, [400, 'NO_SESSION']],
  [
    'a key twice',
    'POST',
    '/mcp/notes',
    {},
    '{"jsonrpc":"2.0","id":7,"id":8,"method":"ping"}',
    [400, 'MALFORMED_MESSAGE'],
  ],
  [
    'a key twice in the arguments',
    'POST',
    '/mcp/notes',
    {},
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"read_note","arguments":{"a":1,"a":2}}}',
    [400, 'MALFORMED_MESSAGE'],
  ],
  [
    'a line end within a string',
    'POST',
    '/mcp/notes',
    {},
    '{"jsonrpc":"2.0","id":7,"method":"pi\nng"}',
    [400, 'MALFORMED_MESSAGE'],
  ],
  [
    'a call without an id',
    'POST',
    '/mcp/notes',
    {},
    '{"jsonrpc":"2.0","method":"tools/call"}',
    [400, 'MALFORMED_MESSAGE'],
  ],
  ['no session', 'POST', '/mcp/notes', {}, ping, [400, 'NO_SESSION']],
  ['a session that is not there', 'POST', '/mcp/notes', { 'mcp-session-id': 'x' }, ping, [404, 'UNKNOWN_SESSION']],
  ['a stream of no session', 'GET', '/mcp/notes', {}, '', [400, 'NO_SESSION']],
  ['the end of no session', 'DELETE', '/mcp/notes', { 'mcp-session-id': 'x' }, '', [404, 'UNKNOWN_SESSION']],
])('%s is refused, and said so', async (_what, method, path, headers, body, [status, code]) => {
  const answer = await send(port, method, path, { ...good(), ...headers }, body)
  expect([answer.status, codeOf(answer.body)]).toEqual([status, code])
})

test('a message over the limit is refused, whether it says so or not, and recorded', async () => {
  const big = JSON.stringify({ jsonrpc: '2.0', id: 'big', method: 'ping', params: { text: 'x'.repeat(70_000) } })
  const said = await send(port, 'POST', '/mcp/notes', good(), big)
  expect([said.status, codeOf(said.body)]).toEqual([413, 'MESSAGE_TOO_LARGE'])
  const chunked = { ...good(), 'transfer-encoding': 'chunked' }
  const unsaid = await send(port, 'POST', '/mcp/notes', chunked, big)
  expect([unsaid.status, codeOf(unsaid.body), JSON.parse(unsaid.body).id]).toEqual([413, 'MESSAGE_TOO_LARGE', 'big'])
  const refused = gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'message.refused')
  expect(refused.at(-1)).toMatchObject({ detail: { server: 'notes', client: 'http-client' } })
})

test('a body that is no HTTP ends the connection, without a word', async () => {
  const headers = `Host: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nAccept: */*\r\nContent-Type: application/json`
  const got = await sendBytes(
    port,
    `POST /mcp/notes HTTP/1.1\r\n${headers}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
  )
  expect(got).toBe('')
})

test('a version that was not agreed on is refused within a session', async () => {
  const client = await legacyClient(port, token, 'notes')
  const answer = await client.post(ping, { 'mcp-protocol-version': '1999-01-01' })
  expect([answer.status, codeOf(answer.body)]).toEqual([400, 'BAD_VERSION'])
  expect((await client.post(ping, { 'mcp-protocol-version': undefined })).status).toBe(200)
})

test("a session of one client is nobody else's, and of one server only", async () => {
  await gateway.addServer('other', 'notes-server')
  const { session } = await legacyClient(port, token, 'notes')
  const other = await tokenFor(gateway.core, 'other-client')
  for (const [path, bearer] of [
    ['/mcp/notes', other.token],
    ['/mcp/other', token],
  ]) {
    const headers = { ...good(), authorization: `Bearer ${bearer}`, 'mcp-session-id': session }
    for (const method of ['POST', 'GET', 'DELETE']) {
      const answer = await send(port, method, path ?? '', headers, method === 'POST' ? ping : '')
      expect([answer.status, codeOf(answer.body)]).toEqual([404, 'UNKNOWN_SESSION'])
    }
  }
})
