import { afterEach, expect, test } from 'vitest'
import { person, simplePolicy } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { answering, startOdd } from '../fakes/traffic.ts'

let odd: Awaited<ReturnType<typeof startOdd>>
let client: RawClient
afterEach(() => odd.gateway.close())

async function begin(policy: string, options: Parameters<typeof startOdd>[1] = {}): Promise<void> {
  odd = await startOdd(policy, options)
  client = await odd.connect()
}

type Listed = Record<string, { name?: string; uri?: string; uriTemplate?: string }[]>
const meta = () => ({ _meta: modernMeta })
const namesIn = async (method: string, list: string, params: object) => {
  const { result } = (await client.request(method, params)) as { result?: Listed }
  return result?.[list]?.map(({ name, uri, uriTemplate }) => uri ?? uriTemplate ?? name)
}

const resources = answering({
  resources: [
    { uri: 'a://open', name: 'a' },
    { uri: 'a://shut', name: 'b' },
  ],
  nextCursor: 'n',
})
const denyShut = '  - { id: shut, match: { labels: { mcp.name: ["a://shut", "shut_*"] } }, decision: DENY }\n'

test('what policy refuses whatever is asked is absent from every list, and refused when asked for anyway', async () => {
  await begin(simplePolicy(denyShut))
  expect(await namesIn('resources/list', 'resources', resources)).toEqual(['a://open'])
  const prompts = answering({ prompts: [{ name: 'open_it' }, { name: 'shut_it' }] })
  expect(await namesIn('prompts/list', 'prompts', prompts)).toEqual(['open_it'])
  const templates = answering({ resourceTemplates: [{ uriTemplate: 'a://{x}', name: 't' }] })
  expect(await namesIn('resources/templates/list', 'resourceTemplates', templates)).toEqual(['a://{x}'])
  expect(await namesIn('tools/list', 'tools', {})).toEqual(['read_odd', 'write_odd'])
  expect((await client.request('prompts/get', { name: 'shut_it' })).error?.data?.code).toBe('POLICY_DENIED')
  expect((await client.request('resources/read', { uri: 'a://shut' })).error?.data?.code).toBe('POLICY_DENIED')
})

test('templates of which nothing can be read are absent; a rule about some names hides none', async () => {
  await begin(simplePolicy('  - { id: none, match: { labels: { mcp.kind: resource } }, decision: DENY }\n'))
  const templates = answering({ resourceTemplates: [{ uriTemplate: 'a://{x}', name: 't' }] })
  expect(await namesIn('resources/templates/list', 'resourceTemplates', templates)).toEqual([])
})

test('a filtered list of 2026-07-28 is private and not kept for long; an unfiltered one stays as it came', async () => {
  await begin(simplePolicy(denyShut), { modern: true })
  const list = (names: string[]) => {
    const items = names.map((name) => ({ name }))
    const result = { resultType: 'complete', ttlMs: 86_400_000, cacheScope: 'public', prompts: items }
    return client.request('prompts/list', { ...meta(), ...answering(result) })
  }
  expect((await list(['open_it', 'shut_it'])).result).toMatchObject({ ttlMs: 60_000, cacheScope: 'private' })
  expect((await list(['open_it'])).result).toMatchObject({ ttlMs: 86_400_000, cacheScope: 'public' })
})

const changed = (kind: string) => (line: Buffer) => line.includes(`notifications/${kind}/list_changed`)
const told = (kind: string) => client.lines.filter(changed(kind)).length

test('a change of policy tells exactly the clients whose view it changes, once', async () => {
  await begin(simplePolicy())
  const initialized = (await client.initialize()) as { result?: { capabilities?: object } }
  expect(initialized.result?.capabilities).toEqual({ tools: { listChanged: true } })
  await namesIn('resources/list', 'resources', resources)
  await namesIn('tools/list', 'tools', {})
  const other = client
  client = await odd.connect()
  await namesIn('prompts/list', 'prompts', answering({ prompts: [{ name: 'open_it' }] }))
  const apart = client
  odd.rule(simplePolicy(denyShut))
  await other.line(changed('resources'))
  client = other
  expect(await namesIn('resources/list', 'resources', resources)).toEqual(['a://open'])
  odd.rule(
    simplePolicy(`${denyShut}  - { id: no-writes, match: { labels: { mcp.tool: write_odd } }, decision: DENY }\n`),
  )
  await other.line(changed('tools'))
  expect(await namesIn('tools/list', 'tools', {})).toEqual(['read_odd'])
  expect([told('resources'), told('tools'), told('prompts')]).toEqual([1, 1, 0])
  expect(apart.lines.some((line) => line.includes('list_changed'))).toBe(false)
})

test('stopping and resuming tell a client that its lists changed, and so does a review', async () => {
  await begin(simplePolicy())
  await namesIn('tools/list', 'tools', {})
  const { handlers } = odd.gateway.core
  await handlers.stop({ reason: '' }, person)
  await expect.poll(() => told('tools')).toBe(1)
  await handlers.resume({}, person)
  await expect.poll(() => told('tools')).toBe(2)
  const review = await handlers['servers.review'](
    { name: 'odd', launch: (await handlers['servers.list']({}, person))[0]?.launch as never },
    person,
  )
  const tools = review.tools.map(({ tool }) => tool).filter(({ name }) => name === 'read_odd')
  await handlers['servers.approve']({ name: 'odd', review_hash: review.review_hash, tools }, person)
  await expect.poll(() => told('tools')).toBe(3)
  expect(await namesIn('tools/list', 'tools', {})).toEqual(['read_odd'])
})
