import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let client: RawClient
afterEach(() => gateway.close())

const subscription = 'io.modelcontextprotocol/subscriptionId'
const denyWrites = '  - { id: no-writes, match: { labels: { mcp.action: write } }, decision: DENY }\n'

async function begin(): Promise<void> {
  gateway = await startGateway({ policy: simplePolicy() })
  await gateway.addServer('script', 'scripted-server')
  client = gateway.connect('script')
}
const listen = (id: string, notifications: object) =>
  client.write(
    JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'subscriptions/listen',
      params: { notifications, _meta: modernMeta },
    }),
  )
const acknowledged = (id: string) =>
  client.line((line) => line.includes('subscriptions/acknowledged') && line.includes(`"${id}"`))
const about = (id: string, method: string) =>
  client.lines.filter((line) => {
    const message = JSON.parse(String(line)) as { method?: string; params?: { _meta?: Record<string, unknown> } }
    return message.method === `notifications/${method}` && message.params?._meta?.[subscription] === id
  }).length

test('whoever listens for changed tools hears that policy changed them, under its own subscription', async () => {
  await begin()
  listen('all', { toolsListChanged: true })
  listen('none', { promptsListChanged: true })
  await acknowledged('all')
  await client.request('tools/list', { _meta: modernMeta })
  writeFileSync(join(gateway.paths.policy, 'rules.yaml'), simplePolicy(denyWrites))
  await client.line((line) => line.includes('tools/list_changed'))
  expect(about('all', 'tools/list_changed')).toBe(1)
  const { result } = (await client.request('tools/list', { _meta: modernMeta })) as { result?: { tools?: object[] } }
  expect(result).toMatchObject({ cacheScope: 'private', tools: [{ name: 'read_script' }] })
  expect(about('none', 'tools/list_changed')).toBe(0)
  expect(client.lines.some((line) => line.includes('list_changed') && !line.includes(subscription))).toBe(false)
})

test('a resource in what a client listens for is decided like a subscription; a refused one refuses all', async () => {
  gateway = await startGateway({
    policy: simplePolicy('  - { id: shut, match: { labels: { mcp.name: "a://shut" } }, decision: DENY }\n'),
  })
  await gateway.addServer('script', 'scripted-server')
  client = gateway.connect('script')
  listen('open', { resourceSubscriptions: ['a://open'] })
  await acknowledged('open')
  const refused = await client.request('subscriptions/listen', {
    ...{
      notifications: { toolsListChanged: true, resourceSubscriptions: ['a://open', 'a://shut'] },
      _meta: modernMeta,
    },
  })
  expect(refused.error?.data?.code).toBe('POLICY_DENIED')
  expect(gateway.states('a://open').filter((state) => state === 'closed executed')).toHaveLength(2)
  expect(gateway.states('a://shut')).toEqual(['decided DENY POLICY_DENIED', 'closed blocked POLICY_DENIED'])
})

test('who stops listening while it is decided is listened for by nobody', async () => {
  let closing = async () => {}
  const probe = (point: string) => (point === 'closed' ? closing() : undefined)
  gateway = await startGateway({ policy: simplePolicy(), ports: { probe } })
  const log = join(gateway.folder, 'script.log')
  await gateway.addServer('script', 'scripted-server', { SCRIPT_LOG: log })
  client = gateway.connect('script')
  const decided = new Promise<void>((resolve) => {
    closing = async () => {
      client.notify('notifications/cancelled', { requestId: 'gone' })
      await client.request('tools/list', { _meta: modernMeta })
      resolve()
    }
  })
  listen('gone', { resourceSubscriptions: ['a://open'] })
  await decided
  await client.request('tools/list', { _meta: modernMeta })
  expect(readFileSync(log, 'utf8')).not.toContain('subscriptions/listen')
})

test('who listens no more is not told: the client ended it, the server did, or its answer could not be read', async () => {
  await begin()
  const call = (args: object) =>
    client.request('tools/call', { name: 'read_script', arguments: args, _meta: modernMeta })
  listen('gone-with-server', { toolsListChanged: true })
  await acknowledged('gone-with-server')
  await call({ exit: true })
  const lost = await client.line((line) => line.includes('"id":"gone-with-server"'))
  expect(JSON.parse(String(lost)).error.data.code).toBe('SERVER_EXITED')
  listen('unread', { toolsListChanged: true })
  await acknowledged('unread')
  await call({ first: [Buffer.from('{"jsonrpc":"2.0","id":$LISTENER,"result":{},"result":{}}').toString('base64')] })
  await client.line((line) => line.includes('"id":"unread"'))
  listen('cancelled', { toolsListChanged: true })
  await acknowledged('cancelled')
  client.notify('notifications/cancelled', { requestId: 'cancelled' })
  listen('live', { toolsListChanged: true })
  await acknowledged('live')
  await client.request('tools/list', { _meta: modernMeta })
  writeFileSync(join(gateway.paths.policy, 'rules.yaml'), simplePolicy(denyWrites))
  // Whoever listened for longer is told first.
  await client.line((line) => line.includes('tools/list_changed') && line.includes('"live"'))
  const told = ['gone-with-server', 'unread', 'cancelled', 'live'].map((id) => about(id, 'tools/list_changed'))
  expect(told).toEqual([0, 0, 0, 1])
})
