import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { person, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, messagesOf, modernClient, send, tokenFor } from '../fakes/http-client.ts'
import { addMixed, askingPolicy } from '../fakes/mixed.ts'
import { program } from '../fakes/person.ts'

let gateway: TestGateway
let port: number
let token: string
let id: string

beforeEach(async () => {
  gateway = await startGateway({ policy: askingPolicy, http: { port: 0 } })
  port = gateway.core.httpPort ?? 0
  ;({ id, token } = await tokenFor(gateway.core))
})
afterEach(() => gateway.close())

const request = (method: string, params: object = {}, ident: unknown = 1) =>
  JSON.stringify({ jsonrpc: '2.0', id: ident, method, params })
const resultOf = (answer: Parameters<typeof messagesOf>[0]) => JSON.parse(messagesOf(answer).at(-1) ?? '{}').result
const namesOf = (answer: Parameters<typeof messagesOf>[0]) =>
  resultOf(answer).tools.map(({ name }: { name: string }) => name)

test('before Host, Origin and token are right, nothing is said at `/mcp` either', async () => {
  await addMixed(gateway, 'one', { tools: ['read'] })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = request('initialize', { protocolVersion: '2025-11-25', capabilities: {} })
  const status = async (more: Record<string, string | undefined>, path = '/mcp') =>
    (await send(port, 'POST', path, { ...headers, ...more }, body)).status
  expect(await status({ host: 'evil.example' })).toBe(403)
  expect(await status({ origin: 'https://evil.example' })).toBe(403)
  expect(await status({ authorization: undefined })).toBe(401)
  expect(await status({ authorization: `Bearer tg_${'A'.repeat(43)}` })).toBe(401)
  expect(await status({}, '/mcp?x=1')).toBe(404)
  expect(await status({}, '/mcp/*')).toBe(404)
  expect(await status({}, '/mcp/%2a')).toBe(404)
  expect(await status({})).toBe(200)
})

test('a session of the older generation has all servers, a stream, and an end', async () => {
  await addMixed(gateway, 'one', { tools: ['read', 'step', 'ask'] })
  await addMixed(gateway, 'two', { tools: ['read', 'ask'] })
  const client = await legacyClient(port, token, '')
  expect(client.first.status).toBe(200)
  await client.post('{"jsonrpc":"2.0","method":"notifications/initialized"}')
  expect(namesOf(await client.post(request('tools/list')))).toEqual([
    'one__read',
    'one__step',
    'one__ask',
    'two__read',
    'two__ask',
  ])
  expect(await client.call('two__read', { text: 'x' })).toMatchObject({ status: 200, outcome: 'ok' })
  const meta = { _meta: { progressToken: 'p' } }
  const stepped = await client.post(request('tools/call', { name: 'one__step', arguments: {}, ...meta }))
  expect(messagesOf(stepped)[0]).toContain('"progressToken":"p"')

  // A question goes to the stream of the call, its answer to the server that asked.
  const asking = await client.stream(request('tools/call', { name: 'two__ask', arguments: { text: 'who?' } }, 'asks'))
  const asked = await asking.until((data) => data.includes('sampling/createMessage'))
  const answer = { role: 'assistant', model: 'm', content: { type: 'text', text: 'me' } }
  const said = await client.post(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(asked.data).id, result: answer }))
  expect(said.status).toBe(202)
  await asking.until((data) => data.includes('"id":"asks"') && data.includes('me'))

  // What belongs to no request comes on the standing stream, and again to who comes back after it broke.
  const standing = await client.listen()
  expect(standing.status).toBe(200)
  await client.call('one__read', { announce: true })
  const told = await standing.until((data) => data.includes('tools/list_changed'))
  await client.call('one__read', { announce: true })
  standing.req.destroy()
  const again = await client.listen(told.id ?? '')
  await again.until((data) => data.includes('tools/list_changed'))

  expect((await send(port, 'DELETE', client.path, client.headers)).status).toBe(204)
  expect((await client.post(request('tools/list'))).status).toBe(404)
  await expect
    .poll(async () => (await gateway.core.handlers.status({}, person)).servers.map(({ sessions }) => sessions))
    .toEqual([0, 0])
})

test('a session with all servers is its client’s own', async () => {
  await addMixed(gateway, 'one', { tools: ['read'] })
  const client = await legacyClient(port, token, '')
  const other = await tokenFor(gateway.core, 'other')
  const headers = { ...client.headers, authorization: `Bearer ${other.token}` }
  expect((await send(port, 'POST', '/mcp', headers, request('tools/list'))).status).toBe(404)
  expect((await send(port, 'POST', '/mcp/one', client.headers, request('tools/list'))).status).toBe(404)
  await gateway.core.handlers['clients.revoke']({ id }, person)
  expect((await client.post(request('tools/list'))).status).toBe(401)
  expect((await gateway.core.handlers.status({}, person)).sessions).toBe(0)
})

test('the stateless generation has all servers when all of them speak it', async () => {
  const log = join(gateway.folder, 'one.log')
  await addMixed(
    gateway,
    'one',
    { modern: true, tools: ['read', 'step'], says: 'One says.', resources: ['data://same'] },
    { MIXED_LOG: log },
  )
  await addMixed(gateway, 'two', { modern: true, tools: ['read'], prompts: ['greet'], resources: ['data://same'] })
  const client = modernClient(port, token, '')
  const found = await client.request('server/discover')
  expect([found.status, resultOf(found)]).toEqual([
    200,
    expect.objectContaining({
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      ttlMs: 0,
      cacheScope: 'private',
      instructions: expect.stringContaining('## one\n\nOne says.'),
      capabilities: expect.objectContaining({ tools: { listChanged: true }, prompts: { listChanged: true } }),
    }),
  ])
  const listed = await client.request('tools/list')
  expect(namesOf(listed)).toEqual(['one__read', 'one__step', 'two__read'])
  expect(resultOf(listed)).toMatchObject({ resultType: 'complete', ttlMs: 0, cacheScope: 'private' })
  expect(await client.call('two__read', { a: 1 })).toMatchObject({ status: 200, outcome: 'ok' })
  expect(resultOf(await client.request('prompts/get', { name: 'two__greet' }))).toMatchObject({
    resultType: 'complete',
  })
  // Headers say what the body says, under the name that the client knows.
  const lie = await client.request('tools/call', { name: 'one__read', arguments: {} }, { more: { 'mcp-name': 'read' } })
  expect([lie.status, JSON.parse(lie.body).error.code]).toEqual([400, -32020])
  expect((await client.request('vendor/new')).status).toBe(404)
  expect((await client.request('ping')).status).toBe(404)
  // Two connections with the same id and token.
  const steps = [1, 2].map(() =>
    client.start('tools/call', { name: 'one__step', arguments: {} }, { id: '4', tokenText: '9' }),
  )
  for (const step of steps) {
    const events = await step.events()
    await events.until((data) => data.includes('"progressToken":9'))
    await events.until((data) => data.includes('"id":4') && data.includes('step did'))
  }
  const calls = gateway.entries().flatMap((entry) => (entry.kind === 'call' ? [entry] : []))
  expect(new Set(calls.map((entry) => entry.protocol_generation))).toEqual(new Set(['modern']))
  expect(readFileSync(log, 'utf8')).not.toContain('one__')
})

test('a listener hears of the servers that it asked about, under the id of its own request', async () => {
  await addMixed(gateway, 'one', { modern: true, tools: ['read'], resources: ['data://one', 'data://same'] })
  await addMixed(gateway, 'two', { modern: true, tools: ['read'], resources: ['data://same'] })
  const client = modernClient(port, token, '')
  await client.request('resources/list')
  const listening = client.start('subscriptions/listen', { notifications: { toolsListChanged: true } }, { id: '"ear"' })
  const events = await listening.events()
  const acknowledged = await events.until((data) => data.includes('subscriptions/acknowledged'))
  expect(JSON.parse(acknowledged.data).params).toEqual({
    _meta: { 'io.modelcontextprotocol/subscriptionId': 'ear' },
    notifications: { toolsListChanged: true },
  })
  await client.call('two__read', { announce: true })
  const heard = () =>
    events.events.filter(({ data }) => data.includes('tools/list_changed') && data.includes('"ear"')).length
  await expect.poll(heard).toBe(1)
  await addMixed(gateway, 'three', { modern: true, tools: ['read'] })
  await expect.poll(heard).toBe(2)
  expect(namesOf(await client.request('tools/list'))).toContain('three__read')
  await client.call('three__read', { announce: true })
  await expect.poll(heard).toBe(3)
})

test('what a listener is acknowledged is what its servers agreed to; one that policy refuses is not in it, and lists are heard all the same', async () => {
  await gateway.close()
  const secret = '  - { id: no-secret, match: { labels: { mcp.name: "data://secret" } }, decision: DENY }\n'
  gateway = await startGateway({ policy: `${askingPolicy}${secret}`, http: { port: 0 } })
  port = gateway.core.httpPort ?? 0
  ;({ id, token } = await tokenFor(gateway.core))
  await addMixed(gateway, 'one', { modern: true, tools: ['read'], resources: ['data://one'] })
  await addMixed(gateway, 'two', { modern: true, tools: ['read'], resources: ['data://secret', 'data://two'] })
  const client = modernClient(port, token, '')
  await client.request('resources/list')
  const resourceSubscriptions = ['data://one', 'toolgate://two/data://secret', 'data://two']
  const notifications = { toolsListChanged: true, resourceSubscriptions }
  const events = await client.start('subscriptions/listen', { notifications }, { id: '"ear"' }).events()
  const [first] = [await events.until((data) => data.includes('"ear"'))]
  expect(JSON.parse(first.data)).toMatchObject({
    method: 'notifications/subscriptions/acknowledged',
    params: { notifications: { toolsListChanged: true, resourceSubscriptions: ['data://one'] } },
  })
  await client.call('two__read', { announce: true })
  await events.until((data) => data.includes('tools/list_changed') && data.includes('"ear"'))
})

test('a result that asks the client something is answered at the server that asked, with the words it gave', async () => {
  await addMixed(gateway, 'one', { modern: true, tools: ['ask'] })
  await addMixed(gateway, 'two', { modern: true, tools: ['ask'] })
  const client = modernClient(port, token, '')
  const ask = async (name: string, more: object = {}) =>
    resultOf(await client.request('tools/call', { name, arguments: {}, ...more }))
  const [one, two] = [await ask('one__ask'), await ask('two__ask')]
  expect([one.resultType, two.resultType]).toEqual(['input_required', 'input_required'])
  expect(one.requestState).not.toBe(two.requestState)
  const inputResponses = { one: { role: 'assistant', model: 'm', content: { type: 'text', text: 'yes' } } }
  const retried = await ask('one__ask', { inputResponses, requestState: one.requestState })
  expect(JSON.parse(retried.content[0].text)).toEqual({ inputResponses, requestState: one.requestState })
})

test('where servers speak different generations, who speaks both falls back, and others are bridged', async () => {
  await addMixed(gateway, 'new', { modern: true, tools: ['read'] })
  await addMixed(gateway, 'old', { tools: ['read'], prompts: ['greet'] })
  const modern = modernClient(port, token, '')
  const turnedDown = await modern.request('server/discover')
  expect([turnedDown.status, JSON.parse(turnedDown.body).error]).toMatchObject([
    400,
    { code: -32022, data: { supported: expect.arrayContaining(['2025-11-25']) } },
  ])
  const old = await legacyClient(port, (await tokenFor(gateway.core, 'both')).token, '')
  expect(namesOf(await old.post(request('tools/list')))).toEqual(['new__read', 'old__read'])
  expect((await old.call('new__read')).outcome).toBe('ok')
  // This one did not fall back: it speaks nothing else.
  await expect.poll(async () => (await modern.request('server/discover')).status, { timeout: 8_000 }).toBe(200)
  expect(namesOf(await modern.request('tools/list'))).toEqual(['new__read', 'old__read'])
  expect((await modern.call('old__read')).outcome).toBe('ok')
  expect((await modern.call('new__read')).outcome).toBe('ok')
  expect(resultOf(await modern.request('prompts/get', { name: 'old__greet' }))).toMatchObject({
    resultType: 'complete',
  })
})

test.each([
  ['v1', 'legacy', 'times__read_time'],
  ['v2', 'modern', 'times__read_time'],
  ['v2', 'legacy', 'notes__read_note'],
])('the SDK %s client calls a tool of one of several servers in the %s generation', async (version, era, tool) => {
  await gateway.addServer('times', 'sdk-v2-server')
  if (tool.startsWith('notes')) await gateway.addServer('notes', 'notes-server')
  else await addMixed(gateway, 'other', { modern: era === 'modern', tools: ['read'] })
  const url = `http://127.0.0.1:${port}/mcp`
  const file = join(import.meta.dirname, '..', 'fakes', 'sdk-clients', `${version}-http.mjs`)
  const { screen, stderr } = await program([process.execPath, file, url, tool], { env: { TOKEN: token } })
  expect(screen, stderr).toMatch(
    tool.startsWith('times') ? new RegExp(`read_time of noon in the ${era} era`) : /read_note did/,
  )
  const calls = gateway.entries().flatMap((entry) => (entry.kind === 'call' ? [entry] : []))
  expect(new Set(calls.map((entry) => entry.protocol_generation))).toEqual(new Set([era]))
})
