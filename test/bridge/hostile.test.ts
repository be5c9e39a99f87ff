import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startGateway, type TestGateway } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import type { RawClient } from '../fakes/raw-client.ts'

const policy = `version: v1
rules:
  - id: all
    match: { labels: { mcp.server: "*" } }
    decision: ALLOW
    accept_risk: 100
`

let gateway: TestGateway

beforeAll(async () => {
  gateway = await startGateway({ policy })
  await gateway.addServer('script', 'scripted-server')
  await gateway.addServer('fragile', 'scripted-server', {
    SCRIPT_FRAGILE: 'yes',
    SCRIPT_LOG: join(gateway.folder, 'fragile.log'),
  })
  await gateway.addServer('moods', 'legacy-only-server')
  await gateway.addServer('exits', 'notes-server', { NOTES_ERA: 'fragile' })
})
afterAll(() => gateway.close())

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** A client of the older generation that can do what `capabilities` says. */
async function older(server: string, capabilities: object = {}): Promise<RawClient> {
  const client = gateway.connect(server)
  onTestFinished(() => client.close())
  const clientInfo = { name: 'raw-client', version: '1' }
  const { error } = await client.request('initialize', { protocolVersion: '2025-06-18', capabilities, clientInfo })
  if (error) throw new Error(error.message)
  client.notify('notifications/initialized')
  return client
}

/** Has the scripted server answer a call with this result, and gives what the client gets. */
async function answeredWith(client: RawClient, result: string, first: string[] = []) {
  const answer = base64(`{"jsonrpc":"2.0","id":$ID,"result":${result}}`)
  return client.request('tools/call', { name: 'read_script', arguments: { answer, first: first.map(base64) } })
}

const wanting = (requests: string, more = '') => `{"resultType":"input_required","inputRequests":${requests}${more}}`
const form =
  '{"method":"elicitation/create","params":{"message":"?","requestedSchema":{"type":"object","properties":{}}}}'

test.each([
  ['something that the client cannot do', wanting(`{"a":${form}}`), 'cannot do'],
  [
    'sampling with tools of a client without',
    wanting('{"a":{"method":"sampling/createMessage","params":{"tools":[]}}}'),
    'cannot do',
  ],
  [
    'a page of a client that only has forms',
    wanting('{"a":{"method":"elicitation/create","params":{"mode":"url","url":"https://x/"}}}'),
    'cannot do',
  ],
  ['a tool call', wanting('{"a":{"method":"tools/call","params":{"name":"read_script"}}}'), 'cannot do'],
  ['a list', wanting('[]'), 'not well-formed'],
  ['the same twice', wanting('{"a":{"method":"roots/list"},"a":{"method":"roots/list"}}'), 'not well-formed'],
  ['nothing, and carries nothing', '{"resultType":"task","taskId":"t"}', 'kind of result'],
  [
    'too much at once',
    wanting(`{${Array.from({ length: 17 }, (_, i) => `"k${i}":{"method":"roots/list"}`).join(',')}}`),
    'more than 16',
  ],
])('a server that asks for %s reaches no client', async (_what, result, why) => {
  const client = await older('script', { sampling: {}, roots: {} })
  const answer = await answeredWith(client, result)
  expect(answer.error?.message).toContain(why)
  expect(client.lines.filter((line) => 'id' in JSON.parse(line.toString()) && line.includes('"method"'))).toEqual([])
  expect((await answeredWith(client, '{"content":[{"type":"text","text":"still here"}]}')).result).toBeDefined()
})

test('a request of the server itself, and answers to what nobody asked, go no further', async () => {
  const client = await older('script', { sampling: {} })
  const ask = '{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}'
  const stray = '{"jsonrpc":"2.0","id":"raw-1","result":{"content":[]}}'
  const { result } = await answeredWith(client, '{"resultType":"complete","content":[],"structuredContent":[1,2]}', [
    ask,
    stray,
    'this is no message',
  ])
  expect(result).toEqual({ content: [] })
  expect(client.lines.some((line) => line.includes('sampling/createMessage'))).toBe(false)
})

test('a client whose answer could be read in two ways is not carried to the server', async () => {
  const client = await older('script', { elicitation: {} })
  const asked = answeredWith(client, wanting(`{"a":${form}}`))
  const question = JSON.parse((await client.line((line) => line.includes('elicitation/create'))).toString())
  client.write(`{"jsonrpc":"2.0","id":${JSON.stringify(question.id)},"result":{"action":"accept","action":"decline"}}`)
  expect((await asked).error?.message).toContain('did not give')
})

test('a call that its client cancels while it is asked takes the question back', async () => {
  const client = await older('script', { elicitation: {} })
  void answeredWith(client, wanting(`{"a":${form}}`)).catch(() => {})
  const question = JSON.parse((await client.line((line) => line.includes('elicitation/create'))).toString())
  client.notify('notifications/cancelled', { requestId: 'raw-2' })
  const back = JSON.parse((await client.line((line) => line.includes('notifications/cancelled'))).toString())
  expect(back.params.requestId).toBe(question.id)
})

test('a server of 2026-07-28 that ends when it is asked to `initialize` is found out, once', async () => {
  const starts = () => readFileSync(join(gateway.folder, 'fragile.log'), 'utf8').match(/^pid /gm)?.length ?? 0
  const before = starts()
  const client = await older('fragile')
  expect(await client.call('read_script')).toMatchObject({ outcome: 'ok' })
  expect(starts()).toBe(before + 2)
  await older('fragile')
  expect(starts()).toBe(before + 3)
})

/** A connection of the stateless generation, whose client can fill in forms. */
function newer(server: string) {
  const client = gateway.connect(server)
  onTestFinished(() => client.close())
  const _meta = { ...modernMeta, 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } }
  type Result = { resultType?: string; requestState?: string; inputRequests?: object; content?: { text: string }[] }
  const ask = async (method: string, params: object = {}) =>
    (await client.request(method, { ...params, _meta })) as {
      result?: Result
      error?: { code: number; data?: unknown }
    }
  return { client, ask, call: (name: string, more: object = {}) => ask('tools/call', { name, arguments: {}, ...more }) }
}

const answers = { q1: { action: 'accept', content: { mood: 'good' } } }

test('a `requestState` is good for its own request, in its own session, once; a forged one never is', async () => {
  const { call } = newer('moods')
  const { call: elsewhere } = newer('moods')
  const { result } = await call('ask_person')
  expect(result).toMatchObject({
    resultType: 'input_required',
    inputRequests: { q1: { method: 'elicitation/create' } },
  })
  const requestState = result?.requestState ?? ''
  const forged = `${requestState.slice(0, -1)}${requestState.endsWith('A') ? 'B' : 'A'}`
  for (const [name, more] of [
    ['ask_person', { requestState: forged }],
    ['ask_person', { requestState: 'x'.repeat(100_000) }],
    ['ask_person', { requestState: 7 }],
    ['ask_person', { requestState, arguments: { other: 1 } }],
    ['ask_twice', { requestState }],
  ] as const) {
    const { error } = await call(name, { inputResponses: answers, ...more })
    expect(error?.code, JSON.stringify(more).slice(0, 80)).toBe(-32602)
  }
  expect((await elsewhere('ask_person', { inputResponses: answers, requestState })).error?.code).toBe(-32602)
  const done = await call('ask_person', { inputResponses: answers, requestState })
  expect(done.result?.content?.[0]?.text).toBe('accept good')
  expect((await call('ask_person', { inputResponses: answers, requestState })).error?.code).toBe(-32602)
})

test('a client that brings too little is asked again; one that never comes back blocks nobody', async () => {
  const { call } = newer('moods')
  const first = await call('ask_person')
  const second = await call('ask_person', { requestState: first.result?.requestState, inputResponses: { q1: 'no' } })
  expect(second.result?.resultType).toBe('input_required')
  const third = { requestState: second.result?.requestState, inputResponses: { ...answers, other: {} } }
  expect((await call('ask_person', third)).result?.content?.[0]?.text).toBe('accept good')
  // Answers alone answer nothing.
  for (let i = 0; i < 3; i++) {
    expect((await call('ask_person', { inputResponses: answers })).result?.resultType).toBe('input_required')
  }
  expect((await call('read_time', { arguments: { text: 'noon' } })).result?.content?.[0]?.text).toContain('noon')
})

test('what the older server does not have is refused with the codes of the newer generation', async () => {
  const { client, ask } = newer('moods')
  const odd = { ...modernMeta, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' }
  expect((await client.request('tools/list', { _meta: odd })).error).toMatchObject({
    code: -32022,
    data: { supported: ['2026-07-28'], requested: '2099-01-01' },
  })
  const bare = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' }
  expect((await client.request('tools/list', { _meta: bare })).error?.code).toBe(-32602)
  // No call made a task here, and nobody needs to ask the server for one.
  expect((await ask('tasks/get', { taskId: 't' })).error?.code).toBe(-32602)
  for (const method of ['ping', 'logging/setLevel', 'resources/subscribe', 'no/such']) {
    expect((await ask(method, { uri: 'mem://watched' })).error?.code, method).toBe(-32601)
  }
})

test('a server that ends on anything but `initialize` serves a client of 2026-07-28', async () => {
  const { ask } = newer('exits')
  const { result } = await ask('tools/call', { name: 'read_note', arguments: { text: 'x' } })
  expect(result).toMatchObject({ resultType: 'complete' })
})
