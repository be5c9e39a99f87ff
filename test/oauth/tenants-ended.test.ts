import { afterAll, beforeAll, expect, test } from 'vitest'
import { putAccess } from '../fakes/access-file.ts'
import { approver, notesOverHttp, person, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient } from '../fakes/http-client.ts'
import { answerConsent, letIn, type OAuthClient, registerClient, type Tokens } from '../fakes/oauth-client.ts'

let gateway: TestGateway
let port: number

beforeAll(async () => {
  ;({ gateway, port } = await notesOverHttp())
})
afterAll(() => gateway.close())

const handlers = () => gateway.core.handlers

/** An app that was let in for two organisations, and for nobody in particular. */
async function appOfTwo() {
  const client = await registerClient(port)
  const bound = ['acme', 'globex'].map(
    (tenant) => `{ policy: mcp.read_only, clients: [${client.id}], tenant: ${tenant} }`,
  )
  await putAccess(gateway, `version: v1\nbindings: [${bound.join(', ')}]\n`)
  const as = async (tenant?: string) => (await letIn(gateway.core, client, { change: { tenant } })).tokens
  return { client, acme: await as('acme'), globex: await as('globex'), nobody: await as() }
}

/** A session with its stream, by which it is seen when it ends. */
async function listening({ access_token }: Tokens) {
  const session = await legacyClient(port, access_token, 'notes')
  const { status, ended } = await session.listen()
  expect(status).toBe(200)
  return { session, ended, ping: async () => (await session.post('{"jsonrpc":"2.0","id":1,"method":"ping"}')).status }
}
const isGood = async (client: OAuthClient, token = '') => (await client.introspect(token)).active
const given = async (client: OAuthClient) =>
  (await handlers()['consents.given']({ client: client.id }, person)).map(({ tenant }) => tenant)

test('a token that is renewed is for the same organisation, whatever else is asked for at the token endpoint', async () => {
  const { client, acme } = await appOfTwo()
  const fields = { grant_type: 'refresh_token', refresh_token: acme.refresh_token ?? '', tenant: 'globex' }
  const renewed: Tokens = JSON.parse((await client.token(fields)).body)
  expect(await client.introspect(renewed.access_token)).toMatchObject({ active: true, tenant: 'acme' })
  const again: Tokens = JSON.parse((await client.refresh(renewed.refresh_token ?? '')).body)
  expect(await client.introspect(again.access_token)).toMatchObject({ active: true, tenant: 'acme' })

  const asked = await client.authorize({ tenant: 'acme' })
  await answerConsent(gateway.core, 'always')
  const code = (await asked.finish()).searchParams.get('code') ?? ''
  const exchanged: Tokens = JSON.parse((await client.exchange(code, asked.verifier, { tenant: 'globex' })).body)
  expect(await client.introspect(exchanged.access_token)).toMatchObject({ active: true, tenant: 'acme' })
})

test('what was given for one organisation is ended alone: its tokens, sessions and streams at once, and what waits', async () => {
  const { client, acme, globex, nobody } = await appOfTwo()
  const [ofAcme, ofGlobex, ofNobody] = [await listening(acme), await listening(globex), await listening(nobody)]
  const asked = await client.authorize({ tenant: 'acme' })
  await answerConsent(gateway.core, 'always')
  await client.authorize({ tenant: 'acme' })
  await client.authorize({ tenant: 'globex' })

  await handlers()['clients.revoke']({ id: client.id, tenant: 'acme' }, person)
  expect(await ofAcme.ping()).toBe(401)
  await expect.poll(ofAcme.ended).toBe(true)
  expect([await isGood(client, acme.access_token), await isGood(client, acme.refresh_token)]).toEqual([false, false])
  expect(JSON.parse((await client.refresh(acme.refresh_token ?? '')).body).error).toBe('invalid_grant')
  expect([await ofGlobex.ping(), ofGlobex.ended(), await ofNobody.ping(), ofNobody.ended()]).toEqual([
    200,
    false,
    200,
    false,
  ])
  expect([await isGood(client, globex.refresh_token), await isGood(client, nobody.refresh_token)]).toEqual([true, true])
  // A yes whose browser had not come for it gives nothing any more, and what waits for the other still waits.
  expect((await asked.finish()).searchParams.get('error')).toBe('access_denied')
  expect((await handlers()['consents.list']({}, approver)).length).toBe(1)
  await answerConsent(gateway.core, 'deny')
  expect(await given(client)).toEqual([null, 'globex'])
  const revoked = gateway.entries().flatMap((entry) => (entry.kind === 'event' ? entry : []))
  expect(revoked.findLast(({ event }) => event === 'client.revoked')).toMatchObject({
    detail: { client: client.id, tenant: 'acme' },
  })

  const twice = async () => handlers()['clients.revoke']({ id: client.id, tenant: 'acme' }, person)
  await expect(twice()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await handlers()['clients.revoke']({ id: client.id, tenant: '' }, person)
  expect([await ofNobody.ping(), await ofGlobex.ping()]).toEqual([401, 200])
  await handlers()['clients.revoke']({ id: client.id }, person)
  expect([await ofGlobex.ping(), await given(client)]).toEqual([401, []])
  await expect.poll(ofGlobex.ended).toBe(true)
})

test('what the app itself ends, or uses twice, ends the sessions of that organisation alone', async () => {
  const { client, acme, globex } = await appOfTwo()
  const [first, other] = [await listening(acme), await listening(globex)]
  expect((await client.refresh(acme.refresh_token ?? '')).status).toBe(200)
  expect((await client.refresh(acme.refresh_token ?? '')).status).toBe(400)
  await expect.poll(first.ended).toBe(true)
  const { tokens } = await letIn(gateway.core, client, { change: { tenant: 'acme' } })
  const second = await listening(tokens)
  await client.revoke(tokens.access_token)
  await expect.poll(second.ended).toBe(true)
  expect([await first.ping(), await second.ping(), await other.ping(), other.ended()]).toEqual([401, 401, 200, false])
})

test('each was last used when its own token came in, and comes for what it said for that', async () => {
  const { client } = await appOfTwo()
  const asked = { tenant: 'acme', purpose: 'to read for acme' }
  const { tokens } = await letIn(gateway.core, client, { change: asked })
  await legacyClient(port, tokens.access_token, 'notes')
  const shown = await handlers()['consents.given']({ client: client.id }, person)
  expect(shown.map(({ tenant, last_used }) => [tenant, last_used !== null])).toEqual([
    ['acme', true],
    [null, false],
    ['globex', false],
  ])
  const session = await legacyClient(port, tokens.access_token, 'notes')
  await session.call('read_note')
  await letIn(gateway.core, client, { change: { tenant: 'globex', purpose: 'to read for globex' } })
  await session.call('read_note')
  const decided = gateway
    .entries()
    .flatMap((entry) =>
      entry.kind === 'call' && entry.agent_id === client.id && entry.state === 'decided' ? entry : [],
    )
  expect(decided.map(({ purpose }) => purpose)).toEqual(['to read for acme', 'to read for acme'])
})

test('a token of this machine is for one organisation alone, and is not ended for it', async () => {
  const { client } = await handlers()['tokens.create']({ name: 'CI', tenant: 'acme' }, person)
  const end = async () => handlers()['clients.revoke']({ id: client.id, tenant: 'acme' }, person)
  await expect(end()).rejects.toMatchObject({ code: 'BAD_INPUT' })
})

test('bound for one organisation on its page it has that there, and unbound nothing at once', async () => {
  const client = await registerClient(port)
  await putAccess(gateway, 'version: v1\nbindings: [{ policy: mcp.empty, roles: [nobody], tenant: acme }]\n')
  const { tokens } = await letIn(gateway.core, client, { change: { tenant: 'acme' } })
  const session = await legacyClient(port, tokens.access_token, 'notes')
  const bind = (bound: boolean, tenant?: string) =>
    handlers()['clients.bind']({ id: client.id, policy: 'mcp.read_only', bound, tenant }, person)
  const usable = async (tenant?: string) => {
    const { counts } = await handlers()['clients.access']({ id: client.id, tenant }, person)
    return counts.tools - counts.denied
  }
  const { waiting } = await bind(true, 'acme')
  expect(waiting?.changes.join()).toContain('`mcp.read_only` for the tenant `acme` is new')
  expect((await session.call('read_note')).outcome).toBe('ACCESS_DENIED')
  await handlers()['policy.confirm']({ hash: waiting?.hash ?? '' }, approver)
  expect((await session.call('read_note')).outcome).toBe('ok')
  expect([(await usable('acme')) > 0, await usable('globex'), await usable()]).toEqual([true, 0, 0])
  const access = await handlers()['clients.access']({ id: client.id, tenant: 'acme' }, person)
  expect(access).toMatchObject({
    ...{ tenant: 'acme', tenants: ['acme'] },
    policies: [{ id: 'mcp.read_only', by: 'client', tenant: 'acme', files: ['bindings.yaml'] }],
  })
  const reach = await handlers()['policy.reach']({}, person)
  expect(reach.find(({ id }) => id === 'mcp.read_only')?.clients).toContainEqual({
    ...{ id: client.id, name: access.name, tenant: 'acme' },
  })
  await expect((async () => bind(false))()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect((await bind(false, 'acme')).waiting).toBeNull()
  expect((await session.call('read_note')).outcome).toBe('ACCESS_DENIED')
  const { client: token } = await handlers()['tokens.create']({ name: 'for globex', tenant: 'globex' }, person)
  const other = async () =>
    handlers()['clients.bind']({ id: token.id, policy: 'mcp.read_only', bound: true, tenant: 'acme' }, person)
  await expect(other()).rejects.toMatchObject({ code: 'BAD_INPUT' })
})

test('an organisation that was chosen and is known no more keeps nobody from saying no', async () => {
  const { client } = await appOfTwo()
  const asked = await client.authorize()
  const id = (await handlers()['consents.list']({}, approver)).at(-1)?.id ?? ''
  const { view, ticket } = await handlers()['consents.show']({ id, tenant: 'acme' }, approver)
  expect(view.tenant).toBe('acme')
  await putAccess(
    gateway,
    `version: v1\nbindings: [{ policy: mcp.read_only, clients: [${client.id}], tenant: globex }]\n`,
  )
  const answered = { id, shown_hash: view.shown_hash, ticket, tenant: 'acme' }
  const answer = (it: 'always' | 'deny') => async () =>
    handlers()['consents.answer']({ ...answered, answer: it }, approver)
  await expect(answer('always')()).rejects.toMatchObject({ code: 'BAD_INPUT' })
  await answer('deny')()
  expect((await asked.finish()).searchParams.get('error')).toBe('access_denied')
  const events = gateway.entries().flatMap((entry) => (entry.kind === 'event' ? entry : []))
  const said = events.filter(({ event }) => event === 'oauth.answered').at(-1)
  expect(said?.detail).toMatchObject({ client: client.id, answer: 'deny', tenant: null })
})
