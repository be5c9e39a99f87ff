import { afterAll, beforeAll, expect, test } from 'vitest'
import { person, reviewServer, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { beginEvents, type Script, scriptedServer } from '../fakes/remote-server.ts'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy() })
})
afterAll(() => gateway.close())

/** A server of the transport of 2024-11-05 that names this endpoint; `closeStream` ends its stream. */
async function olderServer(endpoint: (port: number) => string) {
  let write = (_text: string): unknown => null
  let closeStream = () => {}
  const script: Script = (got, res) => {
    if (got.method === 'GET' && got.path === '/mcp') {
      write = beginEvents(res)
      closeStream = () => res.end()
      return write(`event: endpoint\r\ndata: ${endpoint(server.port)}\r\n\r\n`)
    }
    if (got.method !== 'POST' || got.path === '/mcp') return res.writeHead(405).end()
    res.writeHead(202).end('Accepted')
    if (got.json.id === undefined) return
    const results: Record<string, object> = {
      initialize: {
        protocolVersion: '2024-11-05',
        capabilities: { tools: {} },
        serverInfo: { name: 's', version: '1' },
      },
      'tools/list': { tools: [{ name: 'read_script', inputSchema: {}, annotations: { readOnlyHint: true } }] },
      'tools/call': { content: [] },
    }
    const result = results[got.json.method]
    return result && write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: got.json.id, result })}\n\n`)
  }
  const server = await scriptedServer(script)
  return { ...server, closeStream: () => closeStream() }
}

test('messages go to the endpoint that the stream names; when the stream ends, the next request has a new one', async () => {
  const server = await olderServer((port) => `http://127.0.0.1:${port}/post?session=1`)
  await gateway.addRemote('older', server.url, { 'x-key': 'k' })
  const client = gateway.connect('older')
  await client.initialize()
  expect((await client.call('read_script')).outcome).toBe('ok')
  const posts = server.got.filter(({ path }) => path === '/post?session=1')
  expect(posts.map(({ json }) => json.method).slice(-2)).toEqual(['tools/list', 'tools/call'])
  expect(new Set(posts.map(({ headers }) => headers['x-key']))).toEqual(new Set(['k']))
  client.write('{"jsonrpc":"2.0","id":"w","method":"script/wait"}')
  await expect.poll(() => server.of('script/wait').length).toBe(1)
  server.closeStream()
  const ended = await client.line((line) => line.includes('"id":"w"'))
  expect(ended.toString()).toContain('it closed its stream of events')
  expect((await client.call('read_script')).outcome).toBe('ok')
  expect(server.of('script/wait')).toHaveLength(1)
})

test.each([
  ['http://127.0.0.1:1/post', 'an endpoint of another origin, `http://127.0.0.1:1`'],
  ['http://169.254.169.254/latest', 'an endpoint of another origin, `http://169.254.169.254`'],
  ['//other.test/post', 'an endpoint of another origin'],
  ['http://[', 'no endpoint'],
])('an endpoint at %s is not used, and the review says so', async (endpoint, words) => {
  const server = await olderServer(() => endpoint)
  const rest = { trust_level: 'restricted' as const, environment: 'test', risk_tags: [] }
  const launch = { transport: 'http' as const, url: server.url, headers: {} }
  await gateway.core.handlers['servers.add']({ name: 'astray', launch, ...rest }, person)
  await expect(reviewServer(gateway.core.handlers, 'astray')).rejects.toThrow(words)
})
