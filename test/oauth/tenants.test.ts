import { afterAll, beforeAll, expect, test } from 'vitest'
import { putAccess } from '../fakes/access-file.ts'
import { allowTool } from '../fakes/allow-tool.ts'
import { approver, person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { begin, legacyClient, messagesOf, modernClient, send } from '../fakes/http-client.ts'
import { answerConsent, letIn, registerClient, type Tokens } from '../fakes/oauth-client.ts'

let gateway: TestGateway
let port: number

/** Two servers of an organisation each, and one of nobody's. */
beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  port = gateway.core.httpPort ?? 0
  for (const [name, file, tag] of [
    ['notes', 'notes-server', 'tenant:acme'],
    ['mail', 'notes-server', 'tenant:globex'],
    ['script', 'scripted-server', ''],
  ] as const) {
    await gateway.addServer(name, file)
    const { launch } = await handlers()['servers.set'](
      { name, risk_tags: ['non_prod', ...(tag === '' ? [] : [tag])] },
      person,
    )
    const review = await handlers()['servers.review']({ name, launch }, person)
    const tools = review.tools.map(({ tool }) => tool)
    await handlers()['servers.approve']({ name, review_hash: review.review_hash, tools }, approver)
  }
})
afterAll(() => gateway.close())

const handlers = () => gateway.core.handlers
const policies = `version: v1
access_policies:
  - { id: notes-of-acme, allow: { tools: [notes.read_note, notes.write_note] } }
  - { id: all-of-globex, allow_all: true, block: { tools: [notes.*] } }
`

/** An app with a token for each of two organisations, and one for nobody in particular; each of the two opens its own alone. */
async function appOfTwo() {
  const client = await registerClient(port)
  await putAccess(
    gateway,
    `${policies}bindings:
  - { policy: notes-of-acme, clients: [${client.id}], tenant: acme }
  - { policy: all-of-globex, clients: [${client.id}], tenant: globex }
`,
  )
  const as = async (tenant?: string) => (await letIn(gateway.core, client, { change: { tenant } })).tokens
  return { client, acme: await as('acme'), globex: await as('globex'), nobody: await as() }
}

const list = '{"jsonrpc":"2.0","id":"list","method":"tools/list"}'
async function toolsOf(tokens: Tokens, server: string): Promise<string[]> {
  const session = await legacyClient(port, tokens.access_token, server)
  const [last = '{}'] = messagesOf(await session.post(list)).slice(-1)
  return (JSON.parse(last).result?.tools ?? []).map(({ name }: { name: string }) => name)
}
const callAs = async (tokens: Tokens, server: string, tool: string) =>
  (await legacyClient(port, tokens.access_token, server)).call(tool)

test('one app works for two organisations at once, with the tools of each, and for nobody in particular with none', async () => {
  const { acme, globex, nobody } = await appOfTwo()
  expect(await toolsOf(acme, 'notes')).toEqual(['read_note', 'write_note'])
  expect([await toolsOf(acme, 'mail'), await toolsOf(globex, 'notes'), await toolsOf(nobody, 'notes')]).toEqual([
    [],
    [],
    [],
  ])
  const all = await toolsOf(globex, '')
  expect([all.some((name) => name.startsWith('mail')), all.some((name) => name.startsWith('notes'))]).toEqual([
    true,
    false,
  ])
  expect((await toolsOf(acme, '')).every((name) => name.startsWith('notes'))).toBe(true)
  expect(await toolsOf(nobody, '')).toEqual([])

  expect((await callAs(acme, 'notes', 'read_note')).outcome).toBe('ok')
  expect((await callAs(globex, 'mail', 'read_note')).outcome).toBe('ok')
  for (const [tokens, server] of [
    [acme, 'mail'],
    [globex, 'notes'],
    [nobody, 'notes'],
  ] as const) {
    expect((await callAs(tokens, server, 'read_note')).outcome).toBe('ACCESS_DENIED')
  }
})

test('resources, prompts and what is listened for are those of the organisation of the token, too', async () => {
  const { acme, globex } = await appOfTwo()
  const ask = async (tokens: Tokens, method: string, params: object, uri?: string) => {
    const more = { more: uri === undefined ? {} : { 'mcp-name': uri } }
    const [last = '{}'] = messagesOf(
      await modernClient(port, tokens.access_token, 'script').request(method, params, more),
    ).slice(-1)
    return JSON.parse(last).error?.data?.code ?? 'passed on'
  }
  const listen = { notifications: { resourceSubscriptions: ['a://b'] } }
  const both = async (method: string, params: object, uri?: string) => [
    await ask(acme, method, params, uri),
    await ask(globex, method, params, uri),
  ]
  expect(await both('resources/read', { uri: 'a://b' }, 'a://b')).toEqual(['ACCESS_DENIED', 'passed on'])
  expect(await both('prompts/get', { name: 'p' })).toEqual(['ACCESS_DENIED', 'passed on'])
  expect(await ask(acme, 'subscriptions/listen', listen)).toBe('ACCESS_DENIED')
  const heard = modernClient(port, globex.access_token, 'script').start('subscriptions/listen', listen)
  await (await heard.events()).until((data) => data.includes('acknowledged'))
  heard.req.destroy()
})

test('a change for one organisation is heard by its sessions alone', async () => {
  const { client, acme, globex } = await appOfTwo()
  const sessions = await Promise.all(
    [acme, globex].map((tokens) => legacyClient(port, tokens.access_token, tokens === acme ? 'notes' : 'mail')),
  )
  const streams = await Promise.all(
    sessions.map(async (session) => {
      await session.post(list)
      return session.listen()
    }),
  )
  await putAccess(
    gateway,
    `${policies}bindings:\n  - { policy: notes-of-acme, clients: [${client.id}], tenant: acme }\n  - { policy: mcp.empty, clients: [${client.id}], tenant: globex }\n`,
  )
  await streams[1]?.until((data) => data.includes('tools/list_changed'))
  expect(streams[0]?.events.filter(({ data }) => data.includes('list_changed'))).toEqual([])
  expect((await sessions[1]?.call('read_note'))?.outcome).toBe('ACCESS_DENIED')
  expect((await sessions[0]?.call('read_note'))?.outcome).toBe('ok')
  for (const { req } of streams) req.destroy()
})

test('a session is not there for a token of another organisation of the same app, whatever it asks', async () => {
  const { acme, globex, nobody } = await appOfTwo()
  for (const server of ['notes', '']) {
    const session = await legacyClient(port, acme.access_token, server)
    for (const { access_token } of [globex, nobody]) {
      const headers = { ...session.headers, authorization: `Bearer ${access_token}` }
      const posted = await send(port, 'POST', session.path, headers, list)
      expect([posted.status, JSON.parse(posted.body).error.data.code]).toEqual([404, 'UNKNOWN_SESSION'])
      const listened = await begin(port, 'GET', session.path, headers).response
      listened.destroy()
      expect(listened.statusCode).toBe(404)
      expect((await send(port, 'DELETE', session.path, headers)).status).toBe(404)
    }
    expect((await session.post(list)).status).toBe(200)
  }
})

test('what is allowed for one organisation is not for another, in either generation', async () => {
  const { client, acme, globex } = await appOfTwo()
  await putAccess(
    gateway,
    `version: v1\nbindings: [{ policy: mcp.full_internal, clients: [${client.id}] }]\nuser_roles: [tenants]\n`,
  )
  const calls = [
    async (tokens: Tokens) => (await legacyClient(port, tokens.access_token, 'script')).call('write_script', { n: 1 }),
    async (tokens: Tokens) => modernClient(port, tokens.access_token, 'script').call('write_script', { n: 1 }),
  ]
  for (const call of calls) {
    const first = call(acme)
    const view = await gateway.pending('write_script')
    expect(view.client).toMatchObject({ id: client.id, tenant: 'acme' })
    await allowTool(gateway, view)
    expect((await first).outcome).toBe('ok')
    expect((await call(acme)).outcome).toBe('ok')
    const second = call(globex)
    const asked = await gateway.pending('write_script')
    expect(asked.client).toMatchObject({ id: client.id, tenant: 'globex' })
    await gateway.answer(asked, 'deny')
    expect((await second).outcome).toBe('APPROVAL_DENIED')
    const [given] = await handlers()['grants.list']({}, person)
    expect(given).toMatchObject({ tenant: 'acme' })
    await handlers()['grants.revoke']({ id: given?.id ?? '' }, person)
  }
  // Requests for the same that wait at once are two.
  const both = [acme, globex].map((tokens) => calls[1]?.(tokens))
  await expect.poll(async () => (await handlers()['approvals.list']({}, person)).length).toBe(2)
  for (const view of await handlers()['approvals.list']({}, person)) {
    await gateway.answer(view, view.client.tenant === 'acme' ? 'approve' : 'deny')
  }
  expect((await Promise.all(both)).map((done) => done?.outcome)).toEqual(['ok', 'APPROVAL_DENIED'])
})

test('what was allowed for an organisation ends with what the app was given for it, and all of it with the app', async () => {
  const { client, acme, globex } = await appOfTwo()
  await putAccess(gateway, `version: v1\nbindings: [{ policy: mcp.full_internal, clients: [${client.id}] }]\n`)
  const allowed = async (tokens: Tokens) => {
    const call = (await legacyClient(port, tokens.access_token, 'script')).call('write_script', { n: 1 })
    await allowTool(gateway, await gateway.pending('write_script'))
    expect((await call).outcome).toBe('ok')
  }
  const states = async () =>
    (await handlers()['grants.list']({ all: true }, person))
      .filter((it) => it.client.id === client.id)
      .map(({ tenant, state }) => ({ tenant, state }))
  await allowed(acme)
  await allowed(globex)
  await handlers()['clients.revoke']({ id: client.id, tenant: 'acme' }, person)
  expect(await states()).toEqual([
    { tenant: 'globex', state: 'active' },
    { tenant: 'acme', state: 'revoked' },
  ])
  // Let in for it once more, it is asked about once more.
  const { tokens } = await letIn(gateway.core, client, { change: { tenant: 'acme' } })
  const again = (await legacyClient(port, tokens.access_token, 'script')).call('write_script', { n: 1 })
  await gateway.answer(await gateway.pending('write_script'), 'deny')
  expect((await again).outcome).toBe('APPROVAL_DENIED')
  await handlers()['clients.revoke']({ id: client.id }, person)
  expect((await states()).map(({ state }) => state)).toEqual(['revoked', 'revoked'])
})

test('what a call goes on with was allowed for the organisation that it was begun for', async () => {
  const { client, acme, globex } = await appOfTwo()
  await putAccess(gateway, `version: v1\nbindings: [{ policy: mcp.full_internal, clients: [${client.id}] }]\n`)
  const wish =
    '{"jsonrpc":"2.0","id":$ID,"result":{"resultType":"input_required","requestState":"s","inputRequests":{}}}'
  const args = { answer: Buffer.from(wish).toString('base64') }
  const ask = (tokens: Tokens, more: object) =>
    modernClient(port, tokens.access_token, 'script').request('tools/call', {
      ...{ name: 'write_script', arguments: args },
      ...more,
    })
  const first = ask(acme, {})
  await gateway.answer(await gateway.pending('write_script'), 'approve')
  expect((await first).body).toContain('input_required')
  const brought = { requestState: 's', inputResponses: {} }
  const foreign = ask(globex, brought)
  const asked = await gateway.pending('write_script')
  expect(asked.client.tenant).toBe('globex')
  await gateway.answer(asked, 'deny')
  expect((await foreign).body).toContain('APPROVAL_DENIED')
  expect((await ask(acme, brought)).body).toContain('input_required')
})

test('the record of each call says for whom it was, and whom a call across organisations touches asks a person', async () => {
  const { client, acme, nobody } = await appOfTwo()
  await putAccess(gateway, `version: v1\nbindings: [{ policy: mcp.read_only, clients: [${client.id}] }]\n`)
  expect((await callAs(acme, 'notes', 'read_note')).outcome).toBe('ok')
  for (const tokens of [acme, nobody]) {
    const held = callAs(tokens, 'mail', 'read_note')
    const view = await gateway.pending('read_note')
    expect([view.level, view.why]).toEqual([2, expect.stringContaining('`globex`')])
    await gateway.answer(view, 'deny')
    expect((await held).outcome).toBe('APPROVAL_DENIED')
  }
  const calls = gateway
    .entries()
    .flatMap((entry) => (entry.kind === 'call' && entry.agent_id === client.id ? entry : []))
  const said = calls.map(({ tool_server, state, tenant }) => [tool_server, state, tenant])
  expect(said.slice(0, 3)).toEqual([
    ['notes', 'decided', 'acme'],
    ['notes', 'forwarding', 'acme'],
    ['notes', 'closed', 'acme'],
  ])
  expect(new Set(said.slice(3).map(([server, , tenant]) => `${server} ${tenant}`))).toEqual(
    new Set(['mail acme', 'mail undefined']),
  )
  const { rows } = await handlers()['activity.calls']({ limit: 3 }, person)
  expect(rows.map(({ tenant }) => tenant)).toEqual([undefined, 'acme', 'acme'])
  const answered = gateway.entries().flatMap((entry) => (entry.kind === 'event' ? entry : []))
  const ofApp = answered.filter(({ event, detail }) => event === 'oauth.answered' && detail.client === client.id)
  expect(ofApp.map(({ detail }) => detail.tenant)).toEqual(['acme', 'globex', null])
})

test('a right that it was given for one organisation is none for another', async () => {
  const { client, globex } = await appOfTwo()
  const name = 'script'
  const { launch } = await handlers()['servers.set']({ name, risk_tags: ['non_prod', 'scope:script.use'] }, person)
  const approve = async () => {
    const review = await handlers()['servers.review']({ name, launch }, person)
    const tools = review.tools.map(({ tool }) => tool)
    await handlers()['servers.approve']({ name, review_hash: review.review_hash, tools }, approver)
  }
  await approve()
  await putAccess(gateway, `version: v1\nbindings: [{ policy: mcp.full_internal, clients: [${client.id}] }]\n`)
  const wide = (await letIn(gateway.core, client, { change: { tenant: 'acme', scope: 'mcp script.use' } })).tokens
  expect(wide.scope).toBe('mcp script.use')
  const ofScript = async (tokens: Tokens) =>
    (await toolsOf(tokens, '')).filter((tool) => tool.startsWith('script')).length
  expect([await ofScript(wide), await ofScript(globex)]).toEqual([2, 0])
  await handlers()['servers.set']({ name, risk_tags: ['non_prod'] }, person)
  await approve()
})

test('a person chooses for whom an app works that asks for nobody, and gives what is shown', async () => {
  const { client } = await appOfTwo()
  const asked = await client.authorize()
  const id = (await handlers()['consents.list']({}, approver)).at(-1)?.id ?? ''
  const show = async (tenant?: string | null) => handlers()['consents.show']({ id, tenant }, approver)
  const [none, acme, globex] = [await show(), await show('acme'), await show('globex')]
  expect(none.view).toMatchObject({ tenant: null, tenants: ['acme', 'globex'], policies: [], tools: [] })
  expect(acme.view).toMatchObject({ tenant: 'acme', policies: ['notes-of-acme'], tools: [{ server: 'notes' }, {}] })
  expect(globex.view.policies).toEqual(['all-of-globex'])
  const answer = (shown_hash: string, tenant: string | null) => async () =>
    handlers()['consents.answer']({ id, answer: 'always', shown_hash, ticket: '', tenant }, approver)
  await expect(answer(acme.view.shown_hash, 'globex')()).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(answer(acme.view.shown_hash, null)()).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(show('nowhere')).rejects.toMatchObject({ code: 'BAD_INPUT' })
  await answer(acme.view.shown_hash, 'acme')()
  const code = (await asked.finish()).searchParams.get('code') ?? ''
  const tokens: Tokens = JSON.parse((await client.exchange(code, asked.verifier)).body)
  expect(await client.introspect(tokens.access_token)).toMatchObject({ active: true, tenant: 'acme' })
  expect(await toolsOf(tokens, 'notes')).toEqual(['read_note', 'write_note'])
})

test('an app that asks for one is let in for that one or not at all', async () => {
  const { client } = await appOfTwo()
  await client.authorize({ tenant: 'acme' })
  const id = (await handlers()['consents.list']({}, approver)).at(-1)?.id ?? ''
  const { view } = await handlers()['consents.show']({ id }, approver)
  expect([view.tenant, view.tenants]).toEqual(['acme', []])
  await expect((async () => answerConsent(gateway.core, 'always', 'globex'))()).rejects.toMatchObject({
    code: 'BAD_INPUT',
  })
  await answerConsent(gateway.core, 'deny')
})

test.each([
  ['that is not known here', '&tenant=initech', 'no `tenant` of this name is known here'],
  ['that cannot be one', '&tenant=%20acme', 'no `tenant` of this name is known here'],
  ['that is known in another spelling', '&tenant=ACME', 'no `tenant` of this name is known here'],
  ['that is named twice', '&tenant=acme&tenant=globex', 'must not be provided twice'],
])('an organisation %s is an error that the app is told', async (_, more, says) => {
  const { client } = await appOfTwo()
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id: client.id, redirect_uri: 'http://127.0.0.1:7777/callback', state: 's' },
    ...{ code_challenge: 'a'.repeat(43), code_challenge_method: 'S256', resource: `http://127.0.0.1:${port}/mcp` },
  })
  const answer = await send(port, 'GET', `/oauth/authorize?${query}${more}`, { host: `127.0.0.1:${port}` })
  const back = new URL(String(answer.headers.location))
  expect([back.port, back.searchParams.get('error')]).toEqual(['7777', 'invalid_request'])
  expect(back.searchParams.get('error_description')).toContain(says)
  expect(await handlers()['consents.list']({}, approver)).toEqual([])
})
