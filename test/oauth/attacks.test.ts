import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { approver, person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { bothForms, send } from '../fakes/http-client.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import {
  answerConsent,
  browserOf,
  callback,
  connected,
  placeOf,
  postJson,
  registerClient,
} from '../fakes/oauth-client.ts'

let gateway: TestGateway
let other: TestGateway
let port: number

/** Each test comes so much later that nothing of those before it waits any more, and apps may register again. */
const { clock, advance } = movedClock()
beforeEach(() => advance(11 * 60_000))

beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 }, ports: { clock } })
  other = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  for (const each of [gateway, other]) {
    await each.addServer('notes', 'notes-server')
    await each.addServer('more', 'notes-server')
  }
  port = gateway.core.httpPort ?? 0
})
afterAll(() => Promise.all([gateway.close(), other.close()]))

const errorOf = (body: string) => JSON.parse(body).error
const ping = '{"jsonrpc":"2.0","id":7,"method":"ping"}'
const bearer = (token: string) => ({
  ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: bothForms },
})
/** What the door says to a token at a path. */
async function atDoor(token: string, path = '/mcp/notes', to = port) {
  const { status, headers } = await send(to, 'POST', path, bearer(token), ping)
  return { status, challenge: String(headers['www-authenticate'] ?? '') }
}
const waiting = () => gateway.core.handlers['consents.list']({}, approver)

/** What an app is called back with, in the query or, for kinds of answers that there are not, in the fragment. */
function answerIn(to: string): URLSearchParams {
  const { search, hash } = new URL(to)
  return new URLSearchParams(search || hash.slice(1))
}

/** What came back to the app, or the page where it goes no further. */
function outcome(first: { status: number; headers: Record<string, unknown>; body: string }) {
  const to = String(first.headers.location ?? '')
  if (to.startsWith(callback)) return answerIn(to).get('error') ?? 'called back'
  if (first.status >= 400) return `page ${first.status}`
  return placeOf(first as Parameters<typeof placeOf>[0]).startsWith('/oauth/consent/') ? 'asks' : 'elsewhere'
}

describe('a code', () => {
  test('is good for nobody who lacks its verifier', async () => {
    const client = await registerClient(port)
    const asked = await client.authorize()
    await answerConsent(gateway.core, 'always')
    const code = (await asked.finish()).searchParams.get('code') ?? ''
    for (const verifier of ['A'.repeat(43), asked.verifier.slice(0, -1), '']) {
      const tried = await client.exchange(code, verifier)
      expect([400, errorOf(tried.body)]).toEqual([tried.status, expect.stringMatching(/invalid_(grant|request)/)])
    }
    const without = await client.token({ grant_type: 'authorization_code', code, redirect_uri: callback })
    expect(without.status).toBe(400)
  })

  test('is good for no other app, and at no other address', async () => {
    const client = await registerClient(port)
    const thief = await registerClient(port)
    const asked = await client.authorize()
    await answerConsent(gateway.core, 'always')
    const code = (await asked.finish()).searchParams.get('code') ?? ''
    expect(errorOf((await thief.exchange(code, asked.verifier)).body)).toBe('invalid_grant')
    const elsewhere = await client.exchange(code, asked.verifier, { redirect_uri: 'http://127.0.0.1:7777/other' })
    expect(errorOf(elsewhere.body)).toBe('invalid_grant')
  })

  test('that comes twice ends what the first gave', async () => {
    const { client, tokens, code, verifier } = await connected(gateway.core, port)
    expect((await atDoor(tokens.access_token)).status).toBe(400)
    expect(errorOf((await client.exchange(code, verifier)).body)).toBe('invalid_grant')
    expect((await atDoor(tokens.access_token)).status).toBe(401)
    expect(errorOf((await client.refresh(tokens.refresh_token ?? '')).body)).toBe('invalid_grant')
  })
})

test('a code or a refresh token that is used many times at once gives at most one answer, and then none', async () => {
  const { client, tokens } = await connected(gateway.core, port)
  const refreshed = await Promise.all(Array.from({ length: 8 }, () => client.refresh(tokens.refresh_token ?? '')))
  const won = refreshed.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body))
  expect(won.length).toBeLessThanOrEqual(1)
  for (const { status, body } of refreshed)
    if (status !== 200) expect([status, errorOf(body)]).toEqual([400, 'invalid_grant'])
  for (const { access_token } of won) expect((await atDoor(access_token)).status).toBe(401)

  const other = await registerClient(port)
  const asked = await other.authorize()
  await answerConsent(gateway.core, 'always')
  const code = (await asked.finish()).searchParams.get('code') ?? ''
  const exchanged = await Promise.all(Array.from({ length: 8 }, () => other.exchange(code, asked.verifier)))
  const given = exchanged.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body))
  expect(given.length).toBeLessThanOrEqual(1)
  for (const { access_token } of given) expect((await atDoor(access_token)).status).toBe(401)
})

test.each([
  ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
  ['the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['a challenge without a method', { code_challenge_method: undefined }, 'invalid_request'],
  ['another method', { code_challenge_method: 'S512' }, 'invalid_request'],
  ['a short challenge', { code_challenge: 'abc' }, 'invalid_request'],
  ['a token in the fragment', { response_type: 'token' }, 'unsupported_response_type'],
  ['an ID token', { response_type: 'id_token' }, 'unsupported_response_type'],
  ['a code and a token', { response_type: 'code token' }, 'unsupported_response_type'],
  ['no asking', { prompt: 'none' }, 'login_required'],
  ['a resource of another gateway', { resource: 'http://127.0.0.1:1/mcp' }, 'invalid_target'],
  ['a resource of the internet', { resource: 'https://mcp.example.com/mcp' }, 'invalid_target'],
  ['a resource with a fragment', { resource: 'RESOURCE#x' }, 'invalid_target'],
  ['a resource that is none', { resource: 'mcp' }, 'invalid_target'],
  ['another part of this gateway', { resource: 'ORIGIN/oauth/token' }, 'invalid_target'],
  ['a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
  ['a request from an address', { request_uri: 'http://169.254.169.254/' }, 'request_uri_not_supported'],
])('an authorization with %s is refused, and nobody is asked', async (_what, change, expected) => {
  const client = await registerClient(port)
  const before = (await waiting()).length
  const origin = `http://127.0.0.1:${port}`
  const put = (value: string | undefined) => value?.replace('RESOURCE', `${origin}/mcp`).replace('ORIGIN', origin)
  const filled = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, put(value)]))
  const { first } = await client.authorize(filled)
  expect(outcome(first)).toBe(expected)
  expect(answerIn(String(first.headers.location)).get('iss')).toBe(origin)
  expect((await waiting()).length).toBe(before)
})

describe('redirect addresses', () => {
  test.each([
    ['another port of this machine', 'http://127.0.0.1:9/callback', 'asks'],
    ['another path', 'http://127.0.0.1:7777/other', 'page 400'],
    ['a path below', 'http://127.0.0.1:7777/callback/x', 'page 400'],
    ['a path out of it', 'http://127.0.0.1:7777/callback/../x', 'page 400'],
    ['another spelling of this machine', 'http://localhost:7777/callback', 'page 400'],
    ['another machine', 'http://evil.example.com/callback', 'page 400'],
    ['a name that begins like it', 'http://127.0.0.1.evil.example.com/callback', 'page 400'],
    ['a user', 'http://127.0.0.1@evil.example.com/callback', 'page 400'],
    ['a user and our host', 'http://evil@127.0.0.1:7777/callback', 'page 400'],
    ['a fragment', 'http://127.0.0.1:7777/callback#x', 'page 400'],
    ['a query', 'http://127.0.0.1:7777/callback?x=1', 'page 400'],
    ['a backslash', 'http://127.0.0.1:7777\\@evil.example.com/callback', 'page 400'],
    ['letters of another script', 'http://127.0.0.1:7777/cаllback', 'page 400'],
    ['another scheme', 'https://127.0.0.1:7777/callback', 'page 400'],
    ['a script', 'javascript:alert(1)', 'page 400'],
    ['data', 'data:text/html,x', 'page 400'],
    ['none', undefined, 'asks'],
  ])('%s in a request: %s', async (_what, redirect_uri, expected) => {
    const client = await registerClient(port)
    const { first } = await client.authorize({ redirect_uri })
    expect(outcome(first)).toBe(expected)
    if (expected !== 'asks') expect(first.headers.location).toBeUndefined()
    else await answerConsent(gateway.core, 'deny')
  })

  test.each([
    ['http to another machine', 'http://app.example.com/callback'],
    ['a script', 'javascript:alert(1)'],
    ['a script in capitals', 'JaVaScRiPt:alert(1)'],
    ['data', 'data:text/html,<script>alert(1)</script>'],
    ['a file', 'file:///etc/passwd'],
    ['a blob', 'blob:https://app.example.com/1'],
    ['a fragment', 'https://app.example.com/callback#x'],
    ['a user', 'https://user:pass@app.example.com/callback'],
    ['a hidden character', 'https://app.example.com/\u202ecallback'],
    ['letters of another script', 'https://аpp.example.com/callback'],
    ['a backslash', 'https://app.example.com\\@evil.example.com/'],
    ['a blank', 'https://app.example.com/call back'],
    ['this machine by its own https', 'https://localhost/callback'],
    ['a number', 7],
    ['a very long one', `https://app.example.com/${'a'.repeat(2_000)}`],
  ])('%s is not registered', async (_what, uri) => {
    const { status, body } = await postJson(port, '/oauth/register', { client_name: 'x', redirect_uris: [uri] })
    expect([status, errorOf(body)]).toEqual([400, 'invalid_client_metadata'])
  })

  test('a scheme of its own counts only for the app that registered it', async () => {
    const own = await registerClient(port, { redirect_uris: ['editor.app://callback'] })
    expect(outcome((await own.authorize({ redirect_uri: 'editor.app://callback' })).first)).toBe('asks')
    const [consent] = await waiting()
    const { view } = await gateway.core.handlers['consents.show']({ id: consent?.id ?? '' }, approver)
    expect(view.redirect).toMatchObject({ kind: 'private', host: 'editor.app:' })
    await answerConsent(gateway.core, 'deny')
    const stranger = await registerClient(port)
    expect(outcome((await stranger.authorize({ redirect_uri: 'editor.app://callback' })).first)).toBe('page 400')
  })
})

describe('a token', () => {
  test('for one server is not good at another, and one for all is', async () => {
    const origin = `http://127.0.0.1:${port}`
    const { tokens: one } = await connected(gateway.core, port, { change: { resource: `${origin}/mcp/notes` } })
    expect([(await atDoor(one.access_token)).status, await atDoor(one.access_token, '/mcp/more')]).toMatchObject([
      400,
      { status: 401, challenge: expect.stringContaining('error="invalid_token"') },
    ])
    expect((await atDoor(one.access_token, '/mcp')).status).toBe(401)
    const { tokens: all } = await connected(gateway.core, port)
    for (const path of ['/mcp', '/mcp/notes', '/mcp/more']) {
      expect((await atDoor(all.access_token, path)).status).not.toBe(401)
    }
  })

  test('cannot be had for another resource than was agreed to', async () => {
    const { client, tokens } = await connected(gateway.core, port, {
      change: { resource: `http://127.0.0.1:${port}/mcp/notes` },
    })
    const wider = await client.token({
      ...{ grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' },
      resource: `http://127.0.0.1:${port}/mcp`,
    })
    expect(errorOf(wider.body)).toBe('invalid_target')
  })

  test('of another issuer is good for nothing here', async () => {
    const { tokens } = await connected(other.core, other.core.httpPort ?? 0)
    expect((await atDoor(tokens.access_token, '/mcp/notes', other.core.httpPort ?? 0)).status).toBe(400)
    expect((await atDoor(tokens.access_token)).status).toBe(401)
  })

  test('counts in its header only: not in a query, a body or a cookie, and a refresh token or a code is none', async () => {
    const { tokens, code } = await connected(gateway.core, port)
    const token = tokens.access_token
    const bare = { 'content-type': 'application/json', accept: bothForms }
    for (const [path, headers, body] of [
      [`/mcp/notes?access_token=${token}`, bare, ping],
      ['/mcp/notes', { ...bare, cookie: `access_token=${token}; _session=${token}` }, ping],
      ['/mcp/notes', { 'content-type': 'application/x-www-form-urlencoded' }, `access_token=${token}`],
      ['/mcp/notes', { ...bare, 'mcp-session-id': token }, ping],
      ['/mcp/notes', { ...bare, authorization: `Basic ${token}` }, ping],
      ['/mcp/notes', { ...bare, authorization: `DPoP ${token}` }, ping],
    ] as const) {
      expect((await send(port, 'POST', path, headers, body)).status).toBe(401)
    }
    const asked = await send(port, 'POST', `/mcp/notes?access_token=${token}`, bearer(token), ping)
    expect(asked.status).not.toBe(200)
    for (const wrong of [tokens.refresh_token ?? '', code, `${token}x`, token.slice(1)]) {
      expect((await atDoor(wrong)).status).toBe(401)
    }
  })

  test('of a client that was turned out is refused at once, and it cannot come back with what it has', async () => {
    const { client, tokens } = await connected(gateway.core, port)
    await gateway.core.handlers['clients.revoke']({ id: client.id }, person)
    expect((await atDoor(tokens.access_token)).status).toBe(401)
    expect(errorOf((await client.refresh(tokens.refresh_token ?? '')).body)).toMatch(/invalid_(client|grant)/)
    expect(outcome((await client.authorize()).first)).toBe('page 400')
  })

  test('is told of to nobody but its own app', async () => {
    const { client, tokens } = await connected(gateway.core, port)
    const stranger = await registerClient(port)
    expect(await stranger.introspect(tokens.access_token)).toEqual({ active: false })
    expect((await stranger.revoke(tokens.access_token)).status).toBe(200)
    expect((await client.introspect(tokens.access_token)).active).toBe(true)
  })
})

describe('consent', () => {
  test('another browser, a guess or a form cannot go on with a request', async () => {
    const client = await registerClient(port)
    const asked = await client.authorize()
    const thief = browserOf(port)
    for (const place of [asked.place, `${asked.place}/wait`, '/oauth/consent/aaaaaaaaaaaaaaaaaaaaa']) {
      expect((await thief.get(place)).status).toBe(400)
    }
    const resume = asked.place.replace('/consent/', '/authorize/')
    expect((await thief.get(resume)).status).toBe(400)
    // The browser itself gets nowhere before there is an answer.
    expect((await asked.browser.get(resume)).headers.location ?? '').not.toContain('code=')
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await send(port, method, asked.place, {}, 'answer=always')).status).toBe(405)
    }
    await answerConsent(gateway.core, 'deny')
  })

  test('a yes counts once, for its own request, and not for the next', async () => {
    const client = await registerClient(port)
    const [one, two] = [await client.authorize({ state: 'one' }), await client.authorize({ state: 'two' })]
    await answerConsent(gateway.core, 'always')
    expect((await one.browser.get(one.place)).body).toContain('Look at Toolgate')
    expect((await two.finish()).searchParams.get('code')).toMatch(/^[\w-]{43}$/)
    expect((await two.browser.get(two.place)).status).toBe(400)
    const third = await client.authorize()
    expect((await third.browser.get(third.place)).body).toContain('Look at Toolgate')
    await answerConsent(gateway.core, 'deny')
    await answerConsent(gateway.core, 'deny')
  })

  test('the approval page answers and a person at a terminal, for exactly what was shown, and no other door', async () => {
    const client = await registerClient(port)
    await client.authorize()
    const id = (await waiting())[0]?.id ?? ''
    const { view, ticket } = await gateway.core.handlers['consents.show']({ id }, approver)
    const answer = { id, answer: 'always' as const, shown_hash: view.shown_hash, ticket }
    const app = { name: 'app' as const, present: false as const, pid: null }
    expect(() => gateway.core.handlers['consents.answer'](answer, app)).toThrow(/may not be made from here/)
    for (const door of [approver, person]) {
      expect(() => gateway.core.handlers['consents.answer']({ ...answer, shown_hash: '0' }, door)).toThrow(/changed/)
    }
    await answerConsent(gateway.core, 'deny')
  })

  test('no page may frame, script or keep what the browser shows', async () => {
    const client = await registerClient(port)
    const asked = await client.authorize()
    const page = await asked.browser.get(asked.place)
    for (const { headers } of [page, asked.first]) {
      expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      })
    }
    await answerConsent(gateway.core, 'deny')
  })

  test('a name with markup stays text', async () => {
    const client = await registerClient(port, { client_name: '<img src=x onerror=alert(1)>&"\u202e' })
    const asked = await client.authorize()
    const { body } = await asked.browser.get(asked.place)
    expect(body).not.toContain('<img')
    expect(body).toContain('&#60;img')
    await answerConsent(gateway.core, 'deny')
  })

  test('an app does not get the name of a client that is there', async () => {
    const first = await connected(gateway.core, port)
    const second = await connected(gateway.core, port)
    const clients = await gateway.core.handlers['clients.list']({}, person)
    const nameOf = (id: string) => clients.find((it) => it.id === id)?.name
    expect(nameOf(first.client.id)).not.toBe(nameOf(second.client.id))
  })
})

describe('documents that name an app', () => {
  test.each([
    'https://app.example.com/client.json',
    'https://169.254.169.254/latest/meta-data',
    'https://127.0.0.1/client.json',
    'https://localhost/client.json',
    'https://[::1]/client.json',
    'http://app.example.com/client.json',
  ])('%s is not even looked for unless its host is trusted', async (client_id) => {
    const challenge = createHash('sha256').update('x').digest('base64url')
    const query = new URLSearchParams({
      ...{ client_id, response_type: 'code', redirect_uri: callback, scope: 'mcp' },
      ...{ code_challenge: challenge, code_challenge_method: 'S256' },
    })
    const answer = await send(port, 'GET', `/oauth/authorize?${query}`, { accept: 'text/html' })
    expect([answer.status, answer.headers.location]).toEqual([400, undefined])
  })
})
