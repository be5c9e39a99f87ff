import { afterEach, expect, test } from 'vitest'
import { simplePolicy } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import { answering, saying, startOdd } from '../fakes/traffic.ts'

let odd: Awaited<ReturnType<typeof startOdd>>
afterEach(() => odd.gateway.close())

const shut = '  - { id: shut, match: { labels: { mcp.name: "a://shut" } }, decision: DENY }\n'

/** What a server whose parser takes keys of any case reads otherwise than policy did. */
test.each([
  ['tasks/get', { taskId: 't-1', TaskId: 't-2' }],
  [
    'completion/complete',
    { ref: { type: 'ref/resource', uri: 'a://open' }, Ref: { type: 'ref/resource', uri: 'a://shut' } },
  ],
  ['completion/complete', { ref: { type: 'ref/resource', uri: 'a://open', URI: 'a://shut' } }],
  ['subscriptions/listen', { notifications: {}, Notifications: { resourceSubscriptions: ['a://shut'] } }],
  ['subscriptions/listen', { notifications: { ResourceSubscriptions: ['a://shut'] } }],
])('a %s that could be read in two ways goes nowhere: %j', async (method, params) => {
  odd = await startOdd(simplePolicy(shut))
  const client = await odd.connect()
  const task = { taskId: 't-1', status: 'working', ttl: 60_000, createdAt: '2026-01-01T00:00:00Z' }
  await client.request('tools/call', { name: 'read_odd', arguments: answering({ task }), task: { ttl: 1 } })
  const { error } = await client.request(method, { ...params, ...answering({}), _meta: modernMeta })
  expect(error?.data?.code).toBe('MALFORMED_MESSAGE')
  expect(odd.arrived()).not.toContain(method)
})

test('what a completion is for is decided by the name that its server goes by', async () => {
  odd = await startOdd(simplePolicy(shut.replace('a://shut', 'shut')))
  const client = await odd.connect()
  const complete = (ref: object) =>
    client.request('completion/complete', { ref, argument: { name: 'a', value: 'b' }, ...answering({}) })
  expect((await complete({ type: 'ref/prompt', name: 'shut' })).error?.data?.code).toBe('POLICY_DENIED')
  expect((await complete({ type: 'ref/prompt', name: 'shut', uri: 'open' })).error?.data?.code).toBe(
    'MALFORMED_MESSAGE',
  )
  expect((await complete({ type: 'ref/prompt', name: 'open' })).error).toBeUndefined()
})

test('a link that a server asks for as a form and as a link reaches nobody', async () => {
  odd = await startOdd(simplePolicy())
  const client = await odd.connect()
  const params = { mode: 'form', Mode: 'url', message: 'm', requestedSchema: {}, url: 'https://evil.example/' }
  await client.call('read_odd', {
    ...answering({ content: [] }),
    ...saying({ id: 'q', method: 'elicitation/create', params }),
  })
  expect(client.lines.filter((line) => line.includes('elicitation/create'))).toEqual([])
  await expect.poll(() => odd.got('"q"').at(-1)).toContain('MALFORMED_MESSAGE')
})
