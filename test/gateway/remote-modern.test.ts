import { afterAll, beforeAll, expect, test } from 'vitest'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { modernClient, modernMeta, tokenFor } from '../fakes/http-client.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { beginEvents, type Script, scriptedServer, sdkServer, sendText } from '../fakes/remote-server.ts'

let gateway: TestGateway
let count = 0

beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
})
afterAll(() => gateway.close())

const properties = {
  region: { type: 'string', 'x-mcp-header': 'Region' },
  deep: { type: 'object', properties: { count: { type: 'integer', 'x-mcp-header': 'Count' } } },
}
const tool = (name: string, inputSchema: object) => ({ name, inputSchema, annotations: { readOnlyHint: true } })
const marked = (schema: object) => ({ ...schema, 'x-mcp-header': 'X' })
/** Schemas with a header that cannot be sent (SEP-2243), each wrong in one way. */
const unsendable: readonly object[] = [
  { properties: { x: { type: 'string', 'x-mcp-header': 'not a token' } } },
  { properties: { x: { type: 'string', 'x-mcp-header': '' } } },
  { properties: { x: { type: 'string', 'x-mcp-header': 7 } } },
  { properties: { x: marked({ type: 'number' }) } },
  { properties: { x: marked({ type: 'object' }) } },
  { properties: { x: marked({ type: ['string', 'null'] }) } },
  { properties: { x: marked({}) } },
  { properties: { x: marked({ type: 'string' }), y: { type: 'string', 'x-mcp-header': 'x' } } },
  { properties: { x: { type: 'array', items: marked({ type: 'string' }) } } },
  { properties: { x: { $ref: '#/$defs/x' } }, $defs: { x: marked({ type: 'string' }) } },
  { anyOf: [{ properties: { x: marked({ type: 'string' }) } }] },
  marked({}),
]
const tools = [
  tool('read_script', { type: 'object', properties }),
  // A property of this name is no header, nor is what is only an example.
  tool('read_named', { type: 'object', properties: { 'x-mcp-header': { type: 'string', default: marked({}) } } }),
  ...unsendable.map((schema, index) => tool(`read_odd_${index}`, { type: 'object', ...schema })),
]
const complete = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' }

/** The usual answers of a server that speaks 2026-07-28 only. */
const modern =
  (script: Script): Script =>
  (got, res, req) => {
    const { json, method } = got
    if (method !== 'POST') return res.writeHead(405).end()
    if (script(got, res, req) !== false) return
    const answer = (fields: object) =>
      sendText(res, JSON.stringify({ jsonrpc: '2.0', id: json.id, result: { ...complete, ...fields } }))
    if (json.method === 'server/discover')
      return answer({ supportedVersions: ['2026-07-28'], capabilities: { tools: {} } })
    if (json.method === 'tools/list') return answer({ tools })
    if (json.method === 'tools/call') return answer({ content: [] })
    return sendText(
      res,
      JSON.stringify({ jsonrpc: '2.0', id: json.id, error: { code: -32601, message: 'unknown' } }),
      404,
    )
  }

async function ready() {
  const server = await scriptedServer(modern(() => false))
  const name = `modern-${++count}`
  await gateway.addRemote(name, server.url)
  server.got.length = 0
  return { ...server, name, answer: (script: Script) => server.answer(modern(script)), client: gateway.connect(name) }
}

const request = (id: string, method: string, params: object = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params: { _meta: modernMeta, ...params } })
const answered = (client: RawClient, id: string) => client.line((line) => line.includes(`"${id}"`))

test('requests go out as they came, with headers that say what the body says', async () => {
  const { client, of } = await ready()
  const args = '{"region":" Zürich","deep":{"count":9007199254740993}}'
  const call = request('m-1', 'tools/call', { name: 'read_script', arguments: {} }).replace(
    '"arguments":{}',
    `"arguments":${args}`,
  )
  client.write(call)
  expect(JSON.parse((await answered(client, 'm-1')).toString()).result.content).toEqual([])
  const [got] = of('tools/call')
  expect(got?.body).toBe(call)
  expect(got?.headers).toMatchObject({
    ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'read_script' },
    ...{ 'mcp-param-region': `=?base64?${Buffer.from(' Zürich').toString('base64')}?=` },
    ...{ 'mcp-param-count': '9007199254740993', accept: 'application/json, text/event-stream' },
  })
  expect(got?.headers).not.toHaveProperty('mcp-session-id')
  client.write(request('m-2', 'resources/read', { uri: 'file:///é' }))
  const { error } = JSON.parse((await answered(client, 'm-2')).toString())
  expect(error).toEqual({ code: -32601, message: 'unknown' })
  expect(of('resources/read')[0]?.headers['mcp-name']).toBe(`=?base64?${Buffer.from('file:///é').toString('base64')}?=`)
})

test('a tool whose headers cannot be sent is left out of the list, and the review does not show it', async () => {
  const { client, name } = await ready()
  client.write(request('l-1', 'tools/list'))
  const { result } = JSON.parse((await answered(client, 'l-1')).toString())
  expect(result.tools.map((each: { name: string }) => each.name)).toEqual(['read_script', 'read_named'])
  const servers = await gateway.core.handlers['servers.list']({}, person)
  expect(servers.find((server) => server.name === name)?.tools.map((each) => each.name)).toEqual([
    ...['read_script', 'read_named'],
  ])
})

test('a cancelled request closes the stream of its answer and nothing else is sent', async () => {
  const { client, answer, got, of } = await ready()
  const closed: Promise<void>[] = []
  answer(({ json }, res) => {
    if (json.method !== 'prompts/list' && json.method !== 'tools/call') return false
    const { promise, resolve } = Promise.withResolvers<void>()
    closed.push(promise)
    res.once('close', () => resolve())
    return beginEvents(res)
  })
  client.write(request('c-1', 'prompts/list'))
  client.write(request('c-2', 'tools/call', { name: 'read_script', arguments: {} }))
  await expect.poll(() => closed.length).toBe(2)
  for (const id of ['c-1', 'c-2']) {
    client.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } }))
  }
  await Promise.all(closed)
  expect(of('notifications/cancelled')).toEqual([])
  expect(got.map(({ method }) => method)).not.toContain('GET')
})

test('a subscription is one long answer; when its stream breaks off, that is said', async () => {
  const { client, answer } = await ready()
  const line =
    '{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"s-1"}}}'
  let end = () => {}
  answer(({ json }, res) => {
    if (json.method !== 'subscriptions/listen') return false
    beginEvents(res)(`data: ${line}\n\n`)
    end = () => res.destroy()
    return true
  })
  client.write(request('s-1', 'subscriptions/listen'))
  await client.line((each) => each.toString() === line)
  end()
  const lost = await client.line((each) => each.includes('"id":"s-1"'))
  expect(JSON.parse(lost.toString()).error.data.code).toBe('SERVER_UNREACHABLE')
})

test('two connections at the HTTP door share the server, each leaves without the other, and no token goes on to it', async () => {
  const { name, answer, got: arrived } = await ready()
  const { token } = await tokenFor(gateway.core, name)
  const client = () => modernClient(gateway.core.httpPort ?? 0, token, name)
  const open: { closed: Promise<void>; finish: () => void }[] = []
  answer((got, res) => {
    if (got.json.method !== 'tools/call') return false
    const { promise, resolve } = Promise.withResolvers<void>()
    res.once('close', () => resolve())
    const result = JSON.stringify({ jsonrpc: '2.0', id: got.json.id, result: { ...complete, content: [] } })
    const finish = () => {
      beginEvents(res)(`data: ${result}\n\n`)
      res.end()
    }
    return open.push({ closed: promise, finish })
  })
  const call = { name: 'read_script', arguments: {} }
  const leaving = client().start('tools/call', call)
  await expect.poll(() => open.length).toBe(1)
  const staying = client().start('tools/call', call)
  await expect.poll(() => open.length).toBe(2)
  leaving.req.destroy()
  await open[0]?.closed
  open[1]?.finish()
  expect((await staying.whole()).status).toBe(200)
  expect(arrived.length).toBeGreaterThan(1)
  for (const { headers } of arrived) {
    expect(headers).not.toHaveProperty('authorization')
    expect(JSON.stringify(headers)).not.toContain(token)
  }
})

test('the SDK’s own check of the repeated headers is met', async () => {
  const { url } = await sdkServer('sdk-v2-http-server')
  await gateway.addRemote('regions', url)
  const client = gateway.connect('regions')
  client.write(request('r-1', 'tools/call', { name: 'read_region', arguments: { region: 'Île-de-France' } }))
  const { result } = JSON.parse((await answered(client, 'r-1')).toString())
  expect(result.content).toEqual([{ type: 'text', text: 'region Île-de-France' }])
})
