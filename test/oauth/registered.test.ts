import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approver, notesOverHttp, person, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, send } from '../fakes/http-client.ts'
import { answerConsent, callback, connected, registerClient } from '../fakes/oauth-client.ts'

/** What an app registered, changed by a person at the approval page. */
let gateway: TestGateway
let port: number

beforeAll(async () => {
  ;({ gateway, port } = await notesOverHttp())
})
afterAll(() => gateway.close())

const register = (client: string, redirect_uris: string[], purpose = '') =>
  gateway.core.handlers['consents.register']({ client, redirect_uris, purpose }, approver)

test('answers go to the new addresses alone; what the app holds stays, and its calls say what it comes for now', async () => {
  const { client, tokens } = await connected(gateway.core, port)
  const elsewhere = 'https://app.example/done'
  expect(await gateway.core.handlers['consents.registration']({ client: client.id }, person)).toEqual({
    redirect_uris: [callback],
    purpose: '',
  })
  expect(await register(client.id, [elsewhere], ' to tidy\u202e ')).toEqual({
    redirect_uris: [elsewhere],
    purpose: 'to tidy\\u{202e}',
  })
  expect((await client.authorize()).first.status).toBe(400)
  const asked = await client.authorize({ redirect_uri: elsewhere })
  expect(asked.place).toMatch(/^\/oauth\/consent\//)

  const session = await legacyClient(port, tokens.access_token, 'notes')
  await session.call('read_note')
  const entries = gateway.entries()
  expect(entries.findLast((entry) => entry.kind === 'call' && entry.state === 'decided')).toMatchObject({
    ...{ agent_id: client.id, purpose: 'to tidy\\u{202e}' },
  })
  expect(entries.findLast((entry) => entry.kind === 'event' && entry.event === 'client.changed')).toMatchObject({
    detail: { client: client.id, redirect_uris: [elsewhere], door: 'approval' },
  })
  await register(client.id, [callback])
  expect(await gateway.core.handlers['consents.registration']({ client: client.id }, person)).toEqual({
    redirect_uris: [callback],
    purpose: '',
  })
})

test.each(['javascript:alert(1)', 'http://evil.test/', 'https://u:p@app.example/', 'https://a.example/#x', 'no url'])(
  'the address %s is refused, and nothing is changed',
  async (uri) => {
    const { client } = await connected(gateway.core, port)
    const events = () => gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'client.changed')
    const before = events().length
    await expect((async () => register(client.id, [callback, uri]))()).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(await gateway.core.handlers['consents.registration']({ client: client.id }, person)).toMatchObject({
      redirect_uris: [callback],
    })
    expect(events().length).toBe(before)
  },
)

test('a client that did not register here has no registration to change', async () => {
  const { id } = await gateway.core.handlers['clients.issue']({ name: 'Cursor' }, person)
  expect(await gateway.core.handlers['consents.registration']({ client: id }, person)).toBeNull()
  await expect((async () => register(id, [callback]))()).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('what it said when it was let in stays when only an address is changed', async () => {
  const { client } = await connected(gateway.core, port, { change: { purpose: 'tidying' } })
  const registration = () => gateway.core.handlers['consents.registration']({ client: client.id }, person)
  expect(await registration()).toMatchObject({ purpose: 'tidying' })
  await register(client.id, ['https://app.example/done'], 'tidying')
  expect(await registration()).toEqual({ redirect_uris: ['https://app.example/done'], purpose: 'tidying' })
})

test('a request that is under way does not answer to an address that was removed; to one that stayed it does', async () => {
  const [kept, gone] = ['https://app.example/kept', 'https://app.example/gone']
  const client = await registerClient(port, { redirect_uris: [callback, kept, gone] })
  const waits = await client.authorize({ redirect_uri: gone })
  const answered = await client.authorize({ redirect_uri: gone })
  await answerConsent(gateway.core, 'always')
  const stays = await client.authorize({ redirect_uri: 'http://127.0.0.1:9999/callback' })
  await register(client.id, [callback, kept])
  for (const asked of [waits, answered]) {
    const end = await asked.finish()
    expect([end.searchParams.get('code'), end.searchParams.get('error')]).toEqual([null, 'access_denied'])
  }
  await answerConsent(gateway.core, 'once')
  expect((await stays.finish()).searchParams.get('code')).toEqual(expect.any(String))
})

test('an app changes its registration itself, on record, until a person did: then no more', async () => {
  const { client } = await connected(gateway.core, port)
  const { registration_access_token, registration_client_uri } = client.metadata as Record<string, string>
  let token = registration_access_token
  const put = (redirect: string) => {
    const {
      registration_access_token: _,
      registration_client_uri: _uri,
      client_id_issued_at,
      ...rest
    } = client.metadata
    const body = JSON.stringify({ ...rest, redirect_uris: [redirect] })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    return send(port, 'PUT', new URL(registration_client_uri ?? '').pathname, headers, body)
  }
  const own = await put('https://app.example/own')
  expect(own.status).toBe(200)
  token = JSON.parse(own.body).registration_access_token
  const anew = gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'oauth.registered_anew')
  expect(anew).toMatchObject([{ detail: { client: client.id, redirect_uris: ['https://app.example/own'] } }])
  await register(client.id, [callback])
  expect((await put('https://app.example/own')).status).toBe(401)
})

test('a change that an app began before a person’s, and ends after it, changes nothing', async () => {
  const { client } = await connected(gateway.core, port)
  const { registration_access_token, registration_client_uri, client_id_issued_at, ...rest } = client.metadata
  const body = JSON.stringify({ ...rest, redirect_uris: ['https://app.example/own'] })
  const headers = {
    ...{ 'content-type': 'application/json', authorization: `Bearer ${registration_access_token}` },
    'content-length': Buffer.byteLength(body),
  }
  const put = request({
    host: '127.0.0.1',
    port,
    method: 'PUT',
    path: new URL(registration_client_uri).pathname,
    headers,
  })
  const answered = new Promise<number>((resolve) =>
    put.once('response', (response) => resolve(response.statusCode ?? 0)),
  )
  put.write(body.slice(0, 10))
  // Its token is looked at before its body is read: another request goes all the way meanwhile.
  await registerClient(port)
  await register(client.id, ['https://app.example/theirs'])
  put.end(body.slice(10))
  expect(await answered).toBe(400)
  expect(await gateway.core.handlers['consents.registration']({ client: client.id }, person)).toMatchObject({
    redirect_uris: ['https://app.example/theirs'],
  })
})
