import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect, onTestFinished, test } from 'vitest'
import { person } from '../fakes/gateway.ts'
import { tokenFor } from '../fakes/http-client.ts'
import { packageFile } from '../fakes/product.ts'
import { type Bridged, bridged, said, type Wire } from './pairs.ts'

type Mode = 'auto' | { pin: string }
const modern: Mode = { pin: '2026-07-28' }

async function connect(to: Bridged, over: Wire, mode: Mode, capabilities = {}): Promise<Client> {
  const client = new Client({ name: 'sdk-v2', version: '1' }, { capabilities, versionNegotiation: { mode } })
  onTestFinished(() => client.close())
  await client.connect(
    over === 'stdio'
      ? new StdioClientTransport({ ...to.shim, stderr: 'inherit' })
      : new StreamableHTTPClientTransport(to.url, { requestInit: { headers: to.headers } }),
  )
  return client
}

const era = async (client: Client) => {
  const read = { name: 'read_time', arguments: { text: 'noon' } }
  return [client.getNegotiatedProtocolVersion(), said(await client.callTool(read))]
}

test.each(['stdio', 'http'] as const)(
  'over %s a client of both generations meets a server with sessions in the older one, however often it comes',
  async (over) => {
    const pair = await bridged('legacy-only-server', 'stdio')
    for (let i = 0; i < 3; i++) {
      const client = await connect(pair, over, 'auto')
      expect(await era(client)).toEqual(['2025-11-25', 'read_time of noon in the legacy era'])
      pair.advance(10_000)
      await client.close()
    }
    // Who has fallen back once does not speak 2026-07-28 alone.
    await expect(connect(pair, over, modern)).rejects.toBeDefined()
  },
)

test.each(['stdio', 'http'] as const)(
  'over %s a client that comes back without having fallen back is served in the newer generation',
  async (over) => {
    const pair = await bridged('legacy-only-server', 'stdio')
    await expect(connect(pair, over, modern)).rejects.toBeDefined()
    // At once, it could be another window of a client that is just falling back.
    await expect(connect(pair, over, modern)).rejects.toBeDefined()
    pair.advance(3_000)
    expect(await era(await connect(pair, over, modern))).toEqual(['2026-07-28', 'read_time of noon in the legacy era'])
  },
)

test('clients of one token that can do different things each have a session in which the server knows that', async () => {
  const pair = await bridged('legacy-only-server', 'stdio')
  await expect(connect(pair, 'http', modern)).rejects.toBeDefined()
  pair.advance(3_000)
  const less = await connect(pair, 'http', modern)
  expect(said(await less.callTool({ name: 'ask_person' }))).toContain('not support')
  const more = new Client(
    { name: 'sdk-v2', version: '1' },
    { capabilities: { elicitation: {} }, versionNegotiation: { mode: modern } },
  )
  more.setRequestHandler('elicitation/create', () => ({ action: 'decline' }))
  onTestFinished(() => more.close())
  await more.connect(new StreamableHTTPClientTransport(pair.url, { requestInit: { headers: pair.headers } }))
  expect(said(await more.callTool({ name: 'ask_person' }))).toBe('decline nothing')
  expect(said(await less.callTool({ name: 'ask_person' }))).toContain('not support')
})

test.each([
  ['everything', 'echo', { message: 'hi' }, 'Echo: hi'],
  ['filesystem', 'list_allowed_directories', {}, ''],
])('@modelcontextprotocol/server-%s serves a client of 2026-07-28 alone', async (name, tool, args, expected) => {
  const pair = await bridged('legacy-only-server', 'stdio')
  const { handlers } = pair.gateway.core
  const entry = packageFile(`@modelcontextprotocol/server-${name}`, 'dist/index.js')
  const launch = {
    ...{ transport: 'stdio' as const, command: process.execPath, env: {}, cwd: pair.gateway.folder },
    args: [entry, ...(name === 'filesystem' ? [pair.gateway.folder] : [])],
  }
  const rest = { trust_level: 'restricted' as const, environment: 'test', risk_tags: ['non_prod'] }
  await handlers['servers.add']({ name, launch, ...rest }, person)
  await pair.gateway.approveServer(name)
  const { token } = await tokenFor(pair.gateway.core, 'another')
  const to = { ...pair, url: new URL(name, pair.url), headers: { authorization: `Bearer ${token}` } }
  await expect(connect(to, 'http', modern)).rejects.toBeDefined()
  pair.advance(3_000)
  const client = new Client(
    { name: 'sdk-v2', version: '1' },
    { capabilities: { roots: {} }, versionNegotiation: { mode: modern } },
  )
  client.setRequestHandler('roots/list', () => ({ roots: [{ uri: `file://${pair.gateway.folder}` }] }))
  onTestFinished(() => client.close())
  await client.connect(new StreamableHTTPClientTransport(to.url, { requestInit: { headers: to.headers } }))
  expect((await client.listTools()).tools.length).toBeGreaterThan(5)
  const text = said(await client.callTool({ name: tool, arguments: args }))
  expect(text).toContain(expected || pair.gateway.folder)
})
