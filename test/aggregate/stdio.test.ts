import { afterEach, beforeEach, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway

beforeEach(async () => {
  gateway = await startGateway({ policy: simplePolicy() })
})
afterEach(() => gateway.close())

const mixed = (name: string, offers: object) =>
  gateway.addServer(name, 'mixed-server', { MIXED: JSON.stringify(offers) })

async function all(options: string[] = ['--all']): Promise<RawClient> {
  const client = gateway.connect('', options)
  await client.initialize()
  return client
}

type Listed = { name: string; description?: string; uri?: string }
async function list(client: RawClient, what: string, key = what): Promise<Listed[]> {
  const items: Listed[] = []
  let cursor: string | undefined
  do {
    const { result } = (await client.request(`${what}/list`, cursor ? { cursor } : {})) as {
      result: Record<string, unknown>
    }
    items.push(...(result[key] as Listed[]))
    cursor = result.nextCursor as string | undefined
  } while (cursor)
  return items
}

test('one client sees the tools of all servers, and calls each at its server', async () => {
  await mixed('apples', { tools: ['read', 'pick'] })
  await mixed('pears', { tools: ['read'], says: 'Pears are read softly.' })
  const client = gateway.connect('', ['--all'])
  const { result } = (await client.initialize()) as { result: Record<string, unknown> }
  expect(result).toMatchObject({
    protocolVersion: '2025-11-25',
    capabilities: { tools: { listChanged: true }, logging: {}, completions: {} },
    serverInfo: { name: 'toolgate' },
    instructions: expect.stringContaining('## pears\n\nPears are read softly.'),
  })
  const tools = await list(client, 'tools')
  expect(tools.map(({ name }) => name)).toEqual(['apples__read', 'apples__pick', 'pears__read'])
  expect((await client.call('pears__read', { text: 'a' })).text).toBe('read did {"text":"a"} at level none')
  expect(gateway.problems).toEqual([])
})
