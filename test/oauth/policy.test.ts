import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { putAccess } from '../fakes/access-file.ts'
import { approver, notesOverHttp, person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, tokenFor } from '../fakes/http-client.ts'
import { answerConsent, connected, registerClient } from '../fakes/oauth-client.ts'
import { addPeople, pageOf } from '../fakes/people-here.ts'

let gateway: TestGateway
let port: number

beforeAll(async () => {
  ;({ gateway, port } = await notesOverHttp())
})
afterAll(() => gateway.close())

const access = (text: string) => putAccess(gateway, text)
const toolsIn = (body: string) => [...body.matchAll(/"name":"(\w+_note)"/g)].map(([, name]) => name)
const list = '{"jsonrpc":"2.0","id":"list","method":"tools/list"}'

test('an app has no tools until it is bound, then exactly those of its policy; tightened, it hears of it and the next call is denied', async () => {
  const { client, tokens } = await connected(gateway.core, port)
  const session = await legacyClient(port, tokens.access_token, 'notes')
  expect(toolsIn((await session.post(list)).body)).toEqual([])
  const denied = (await session.call('read_note')).text
  expect(denied).toContain('ACCESS_DENIED')
  expect(denied).toMatch(/bind/)

  const stream = await session.listen()
  const one = `version: v1
access_policies: [{ id: readers, allow: { tools: [notes.read_note, notes.write_note] }, max_action: read }]
bindings: [{ policy: readers, clients: ["${client.id}"] }]
`
  await access(one)
  await stream.until((data) => data.includes('tools/list_changed'))
  expect(toolsIn((await session.post(list)).body)).toEqual(['read_note'])
  expect((await session.call('read_note')).text).toContain('read_note did')
  expect((await session.call('write_note')).text).toContain('ACCESS_DENIED')

  await access(one.replace('readers, clients', 'mcp.empty, clients'))
  await expect.poll(() => stream.events.filter(({ data }) => data.includes('tools/list_changed')).length).toBe(2)
  expect((await session.call('read_note')).text).toContain('ACCESS_DENIED')
  expect(toolsIn((await session.post(list)).body)).toEqual([])
})

test('bound on its page it waits for a yes, then has exactly that; unbound it has nothing at once', async () => {
  const { client, tokens } = await connected(gateway.core, port)
  const session = await legacyClient(port, tokens.access_token, 'notes')
  const bind = (bound: boolean, policy = 'mcp.read_only') =>
    gateway.core.handlers['clients.bind']({ id: client.id, policy, bound }, person)
  const { waiting } = await bind(true)
  expect(waiting?.changes.join()).toContain('mcp.read_only')
  expect((await session.call('read_note')).text).toContain('ACCESS_DENIED')
  await gateway.core.handlers['policy.confirm']({ hash: waiting?.hash ?? '' }, approver)
  expect((await session.call('read_note')).text).toContain('read_note did')
  expect((await session.call('write_note')).text).toContain('ACCESS_DENIED')
  const { policies } = await gateway.core.handlers['clients.access']({ id: client.id }, person)
  expect(policies).toMatchObject([{ id: 'mcp.read_only', by: 'client', files: ['bindings.yaml'] }])
  expect((await bind(false)).waiting).toBeNull()
  expect((await session.call('read_note')).text).toContain('ACCESS_DENIED')
  const refused = (policy: string, bound: boolean) => expect((async () => bind(bound, policy))()).rejects
  await refused('mcp.read_only', false).toMatchObject({ code: 'NOT_FOUND' })
  await refused('mcp.read_onyl', true).toMatchObject({
    code: 'NOT_FOUND',
    hint: expect.stringContaining('`mcp.read_only`'),
  })
  await gateway.core.handlers['clients.revoke']({ id: client.id }, person)
  await refused('mcp.read_only', true).toMatchObject({ code: 'BAD_INPUT' })
})

test('what it said it comes for is in the record of each decision, and conditions may ask for it', async () => {
  const { client, tokens } = await connected(gateway.core, port, { change: { purpose: 'tidying\u202e notes' } })
  await access(
    `version: v1\nrules: [{ id: no-tidying, match: { labels: { mcp.server: '*' } }, decision: DENY, when: 'purpose.startsWith("tidying")' }]\n`,
  )
  const session = await legacyClient(port, tokens.access_token, 'notes')
  expect((await session.call('read_note')).text).toContain('no-tidying')
  const decided = gateway
    .entries()
    .filter((entry) => entry.kind === 'call' && entry.agent_id === client.id && entry.state === 'decided')
  expect(decided).toMatchObject([{ purpose: 'tidying\\u{202e} notes', policy_decision: 'DENY' }])
  await access('version: v1\nbindings: [{ policy: mcp.empty, roles: [nobody] }]\n')
})

test('its name binds nothing, since it chose it; a token of this machine keeps what it had', async () => {
  const { tokens } = await connected(gateway.core, port)
  await access('version: v1\nbindings: [{ policy: mcp.full_internal, clients: ["Test app", "Test app (2)"] }]\n')
  const foreign = await legacyClient(port, tokens.access_token, 'notes')
  expect((await foreign.call('read_note')).text).toContain('ACCESS_DENIED')
  const own = await legacyClient(port, (await tokenFor(gateway.core, 'own')).token, 'notes')
  expect((await own.call('read_note')).text).toContain('read_note did')
})

test('what a person is shown counts the tools that policy opens, before they say yes', async () => {
  const client = await registerClient(port)
  await access(`version: v1\nbindings: [{ policy: mcp.read_only, clients: ["${client.id}"] }]\n`)
  await client.authorize({ purpose: 'reading' })
  const id = (await gateway.core.handlers['consents.list']({}, approver)).at(-1)?.id ?? ''
  const { view } = await gateway.core.handlers['consents.show']({ id }, approver)
  expect(view).toMatchObject({
    ...{
      app: 'Test app',
      purpose: 'reading',
      policies: ['mcp.read_only'],
      ceiling: 'restricted',
      server: null,
      document_host: null,
    },
    tools: [{ server: 'notes', action: 'read', count: expect.any(Number) }],
    redirect: { kind: 'loopback', host: '127.0.0.1:7777' },
    warnings: ['says_so_itself', 'local_redirect', 'never_seen'],
  })
  await answerConsent(gateway.core, 'deny')
  const answered = gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'oauth.answered')
  expect(answered.at(-1)).toMatchObject({ detail: { client: client.id, answer: 'deny', purpose: 'reading' } })
})

test('a tool that needs a right says which, the app asks a person for it, and what they gave counts', async () => {
  const { handlers } = gateway.core
  await gateway.addServer('mail', 'notes-server')
  const { launch } = await handlers['servers.set']({ name: 'mail', risk_tags: ['non_prod', 'scope:mail.read'] }, person)
  const review = await handlers['servers.review']({ name: 'mail', launch }, person)
  const tools = review.tools.map(({ tool }) => tool)
  await handlers['servers.approve']({ name: 'mail', review_hash: review.review_hash, tools }, approver)

  const { client, tokens } = await connected(gateway.core, port)
  await access(`version: v1\nbindings: [{ policy: mcp.read_only, clients: ["${client.id}"] }]\n`)
  const first = await legacyClient(port, tokens.access_token, 'mail')
  const body = '{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"read_note","arguments":{}}}'
  const refused = await first.post(body)
  const place = `http://127.0.0.1:${port}/.well-known/oauth-protected-resource/mcp/mail`
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([
    403,
    `Bearer error="insufficient_scope", resource_metadata="${place}", scope="mcp mail.read"`,
  ])
  expect(JSON.parse(refused.body)).toMatchObject({ id: 9, error: { data: { code: 'WRONG_SCOPE' } } })

  const asked = await client.authorize({ scope: 'mcp mail.read nonsense' })
  const id = (await handlers['consents.list']({}, approver)).at(-1)?.id ?? ''
  expect((await handlers['consents.show']({ id }, approver)).view.scopes).toEqual(['mail.read'])
  await answerConsent(gateway.core, 'always')
  const code = (await asked.finish()).searchParams.get('code') ?? ''
  const wider = JSON.parse((await client.exchange(code, asked.verifier)).body)
  expect(wider.scope).toBe('mcp mail.read')
  const second = await legacyClient(port, wider.access_token, 'mail')
  expect((await second.call('read_note')).text).toContain('read_note did')
  // The token from before has no more than it had, neither among other messages nor for what is no tool.
  expect((await first.post(body)).status).toBe(403)
  const listed = '{"jsonrpc":"2.0","id":7,"method":"ping"}'
  const read = '{"jsonrpc":"2.0","id":8,"method":"resources/read","params":{"uri":"note://today"}}'
  expect((await first.post(read)).status).toBe(403)
  expect((await second.post(read)).status).toBe(200)
  const old = await legacyClient(port, tokens.access_token, 'mail', '2025-03-26')
  const together = await old.post(`[${listed},${body}]`)
  expect([together.status, JSON.parse(together.body)]).toMatchObject([
    403,
    { id: 9, error: { data: { code: 'WRONG_SCOPE' } } },
  ])
  expect((await old.post(`[${listed}]`)).status).toBe(200)
})

test('who let an app in is on record by the name of whose page it was', async () => {
  const own = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  onTestFinished(() => own.close())
  await addPeople(own, [{ name: 'ana', admin: true }])
  const client = await registerClient(own.core.httpPort ?? 0)
  await client.authorize({})
  const ana = await pageOf(own, 'ana')
  const id = (await ana.call('consents.list', {}))[0]?.id ?? ''
  const { view, ticket, armed_in_ms } = await ana.call('consents.show', { id })
  await new Promise((resolve) => setTimeout(resolve, armed_in_ms + 20))
  await ana.call('consents.answer', { id, answer: 'once', shown_hash: view.shown_hash, ticket })
  const answered = own.entries().filter((entry) => entry.kind === 'event' && entry.event === 'oauth.answered')
  expect(answered).toMatchObject([{ detail: { client: client.id, answer: 'once', by: 'ana', door: 'approval' } }])
})
