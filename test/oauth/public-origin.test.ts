import { userInfo } from 'node:os'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Notification } from '../../src-main/core/ports.ts'
import { approver, person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { bothForms, send, sendBytes, tokenFor } from '../fakes/http-client.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import {
  answerConsent,
  authorizeAs,
  callback,
  connected,
  postJson,
  registerClient,
  type Tokens,
} from '../fakes/oauth-client.ts'

/** A gateway behind a proxy that ends TLS: what reaches it carries the public name, over plain HTTP from this machine. */
const host = 'tools.example.com'
const origin = `https://${host}`
const { clock, advance } = movedClock()
let gateway: TestGateway
let port: number
let local: string
const opened: string[] = []
const told: Notification[] = []

function noteOpened(at: string): null {
  opened.push(at)
  return null
}

beforeAll(async () => {
  const settings = { public_origin: origin, app_documents: ['*'] }
  const pages = { appLink: () => '', openApprovals: noteOpened }
  const notify = (it: Notification) => void told.push(it)
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 }, settings, ports: { clock, pages, notify } })
  await gateway.addServer('notes', 'notes-server')
  port = gateway.core.httpPort ?? 0
  local = `127.0.0.1:${port}`
})
afterAll(() => gateway.close())
beforeEach(() => {
  // Nothing of the tests before waits any more, and apps may register again.
  advance(11 * 60_000)
  opened.length = 0
  told.length = 0
})

const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}'
const json = { 'content-type': 'application/json', accept: bothForms }
const atDoor = (name: string, headers: Record<string, string> = {}, path = '/mcp/notes') =>
  send(port, 'POST', path, { ...json, host: name, ...headers }, ping)
const codeOf = (body: string) => JSON.parse(body).error.data.code
/** 400: let in, and told that a session is needed. */
const letIn = async (token: string, name: string) =>
  (await atDoor(name, { authorization: `Bearer ${token}` })).status === 400
const waiting = () => gateway.core.handlers['consents.list']({}, approver)
const shown = async (id: string) => (await gateway.core.handlers['consents.show']({ id }, approver)).view

test('every address that it tells is the one by which it was asked: the public one over https, or that of this machine', async () => {
  for (const [name, issuer] of [
    [host, origin],
    [local, `http://${local}`],
  ] as const) {
    const get = async (path: string) => JSON.parse((await send(port, 'GET', path, { host: name })).body)
    const server = await get('/.well-known/oauth-authorization-server')
    expect(server).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth/token` })
    expect(server.client_id_metadata_document_supported).toBe(name === local)
    const resource = await get('/.well-known/oauth-protected-resource/mcp/notes')
    expect(resource).toMatchObject({ resource: `${issuer}/mcp/notes`, authorization_servers: [issuer] })
    const refused = await atDoor(name)
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      expect.stringContaining(`resource_metadata="${issuer}/.well-known/oauth-protected-resource/mcp/notes"`),
    ])
    const registered = await registerClient(port, {}, name)
    expect(registered.metadata.registration_client_uri).toBe(`${issuer}/oauth/register/${registered.id}`)
  }
  expect(await gateway.core.handlers.status({}, person)).toMatchObject({ http_public: `${origin}/mcp/<server>` })
})

test('which rights tools need it tells programs of this machine alone', async () => {
  const { handlers } = gateway.core
  await handlers['servers.set']({ name: 'notes', risk_tags: ['non_prod', 'scope:notes.secret'] }, person)
  const told = async (name: string, kind: string) =>
    JSON.parse((await send(port, 'GET', `/.well-known/${kind}`, { host: name })).body).scopes_supported
  for (const kind of ['oauth-authorization-server', 'openid-configuration']) {
    expect(await told(local, kind)).toEqual(['mcp', 'notes.secret'])
    expect(await told(host, kind)).toEqual(['mcp'])
  }
  for (const name of [local, host]) expect(await told(name, 'oauth-protected-resource/mcp/notes')).toEqual(['mcp'])
  // One that is known of is asked for as ever.
  const client = await registerClient(port, {}, host)
  await client.authorize({ scope: 'mcp notes.secret' })
  expect((await shown((await waiting()).at(-1)?.id ?? '')).scopes).toEqual(['notes.secret'])
  await answerConsent(gateway.core, 'deny')
  await handlers['servers.set']({ name: 'notes', risk_tags: ['non_prod'] }, person)
  await gateway.approveServer('notes')
})

test('whose account it is no app is told, nor for what was given before that was so', async () => {
  for (const name of [host, local]) {
    const { client, tokens } = await connected(gateway.core, port, { host: name })
    const subjects = async (given: Tokens) => [
      (await client.introspect(given.access_token)).sub,
      (await client.introspect(given.refresh_token ?? '')).sub,
    ]
    expect(await subjects(tokens)).toEqual(['owner', 'owner'])
    const db = new Database(gateway.paths.database)
    const asBefore = `UPDATE oauth_records SET body = json_set(body, '$.accountId', ?) WHERE body ->> 'accountId' = 'owner'`
    expect(db.prepare(asBefore).run(userInfo().username).changes).toBeGreaterThan(2)
    db.close()
    expect(await subjects(tokens)).toEqual(['owner', 'owner'])
    const renewed: Tokens = JSON.parse((await client.refresh(tokens.refresh_token ?? '')).body)
    expect(await subjects(renewed)).toEqual(['owner', 'owner'])
  }
})

test('an app signs in by it, with cookies for https alone, and is told so in the answer', async () => {
  const client = await registerClient(port, {}, host)
  const asked = await client.authorize()
  const cookies = [asked.first.headers['set-cookie'] ?? []].flat()
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies) expect(cookie).toMatch(/; secure/i)
  await answerConsent(gateway.core, 'always')
  const answer = await asked.finish()
  expect(answer.searchParams.get('iss')).toBe(origin)
  const tokens = JSON.parse((await client.exchange(answer.searchParams.get('code') ?? '', asked.verifier)).body)
  expect(await letIn(tokens.access_token, host)).toBe(true)
  expect((await client.refresh(tokens.refresh_token)).status).toBe(200)
  const entry = (await gateway.core.handlers['clients.list']({}, person)).find(({ id }) => id === client.id)
  expect(entry).toMatchObject({ kind: 'oauth', public_origin: origin })
})

test('what came to be at one of the two ways in is good for nothing at the other', async () => {
  const far = await connected(gateway.core, port, { host })
  const near = await connected(gateway.core, port)
  const names = [host, local, `localhost:${port}`]
  const good = async (token: string) => Promise.all(names.map((name) => letIn(token, name)))
  expect(await good(far.tokens.access_token)).toEqual([true, false, false])
  expect(await good(near.tokens.access_token)).toEqual([false, true, true])
  // Neither its refresh token, nor its registration, nor the right to change that.
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const [{ client, tokens }, name] of [
    [far, local],
    [near, host],
  ] as const) {
    const fields = { client_id: client.id, grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }
    const refreshed = await send(
      port,
      'POST',
      '/oauth/token',
      { ...form, host: name },
      `${new URLSearchParams(fields)}`,
    )
    expect([refreshed.status, JSON.parse(refreshed.body).error]).toEqual([401, 'invalid_client'])
    expect((await authorizeAs(port, client.id, {}, name)).first.status).toBe(400)
    const authorization = `Bearer ${client.metadata.registration_access_token}`
    const managed = await send(port, 'GET', `/oauth/register/${client.id}`, { host: name, authorization })
    expect(managed.status).toBe(401)
    expect((await client.refresh(tokens.refresh_token ?? '')).status).toBe(200)
  }
  // Nor can a token for one be had at the other.
  for (const [name, resource] of [
    [host, `http://${local}/mcp`],
    [local, `${origin}/mcp`],
  ] as const) {
    const client = await registerClient(port, {}, name)
    const { first } = await client.authorize({ resource })
    expect(String(first.headers.location)).toContain('error=invalid_target')
  }
})

test('a token that was made here is for programs of this machine alone', async () => {
  const { token } = await tokenFor(gateway.core)
  expect([await letIn(token, local), await letIn(token, host)]).toEqual([true, false])
})

test('a document names no app by it, whoever is trusted', async () => {
  const { first } = await authorizeAs(port, 'https://editor.example.com/client.json', {}, host)
  expect(first.status).toBe(400)
  expect(await waiting()).toEqual([])
})

describe('a person is told', () => {
  test('that it came over the network; both pages show the same code, and no window is brought up', async () => {
    const client = await registerClient(port, { client_name: 'Far app' }, host)
    const asked = await client.authorize()
    const [summary] = await waiting()
    expect(summary).toMatchObject({ app: 'Far app', public_origin: origin })
    const view = await shown(summary?.id ?? '')
    expect(view).toMatchObject({ public_origin: origin, code: expect.stringMatching(/^[2-9A-Z]{3}-[2-9A-Z]{3}$/) })
    const page = (await asked.browser.get(asked.place)).body
    expect(page).toContain(`<code>${view.code}</code>`)
    expect(page).toContain(host)
    expect(page).not.toContain('toolgate open')
    expect(opened).toEqual([])
    expect(told.map(({ title, body }) => `${title}: ${body}`)).toEqual([
      `somebody on the network asks to connect an app: it came by ${origin}, not from this machine, and calls itself Far app`,
    ])
    const other = await registerClient(port, {}, host)
    await other.authorize()
    const codes = await Promise.all((await waiting()).map(async ({ id }) => (await shown(id)).code))
    expect(new Set(codes).size).toBe(2)
    const asks = gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'oauth.asked')
    expect(asks.at(-1)).toMatchObject({ detail: { public_origin: origin } })
  })

  test('nothing of it where an app of this machine asks', async () => {
    const client = await registerClient(port)
    const asked = await client.authorize()
    const [summary] = await waiting()
    expect(await shown(summary?.id ?? '')).toMatchObject({ public_origin: null, code: null })
    expect((await asked.browser.get(asked.place)).body).toContain('Look at Toolgate')
    expect([opened.length, told.map(({ title }) => title)]).toEqual([1, ['an app asks to connect']])
  })
})

describe('what a proxy says of whom it stands for', () => {
  const evil = 'evil.example.com'
  test('moves nothing by the public origin', async () => {
    const forged = { 'x-forwarded-host': evil, 'x-forwarded-proto': 'http', 'x-forwarded-for': '127.0.0.1' }
    const headers = { ...json, host, ...forged, forwarded: `host=${evil};proto=http`, via: '1.1 proxy' }
    const asked = JSON.stringify({ client_name: 'Far app', redirect_uris: [callback] })
    const registered = JSON.parse((await send(port, 'POST', '/oauth/register', headers, asked)).body)
    expect(registered.registration_client_uri).toMatch(`${origin}/oauth/register/`)
    const query = new URLSearchParams({
      ...{ response_type: 'code', client_id: registered.client_id, redirect_uri: callback, scope: 'mcp' },
      ...{ code_challenge: 'A'.repeat(43), code_challenge_method: 'S256' },
    })
    const first = await send(port, 'GET', `/oauth/authorize?${query}`, { ...headers, accept: 'text/html' })
    expect([first.status, String(first.headers.location)]).toEqual([303, expect.stringMatching(/^\/oauth\/consent\//)])
    expect(JSON.stringify([first.headers, registered])).not.toContain(evil)
    expect(await waiting()).toMatchObject([{ public_origin: origin }])
  })

  test.each([
    ['x-forwarded-for', '203.0.113.7'],
    ['x-forwarded-host', 'tools.example.com'],
    ['x-forwarded-proto', 'https'],
    ['forwarded', 'for=203.0.113.7'],
    ['via', '1.1 proxy'],
    ['x-real-ip', '203.0.113.7'],
  ])('in `%s` is refused where it names this machine instead of itself, whatever it asks', async (name, value) => {
    const { token } = await tokenFor(gateway.core, `behind-${name}`)
    for (const at of [local, `localhost:${port}`]) {
      const refused = await atDoor(at, { [name]: value, authorization: `Bearer ${token}` })
      expect([refused.status, codeOf(refused.body)]).toEqual([403, 'FORWARDED'])
      expect(refused.body).toContain('public_origin')
      const registration = await send(port, 'POST', '/oauth/register', { ...json, host: at, [name]: value }, '{}')
      expect([registration.status, codeOf(registration.body)]).toEqual([403, 'FORWARDED'])
    }
  })
})

test('a proxy that names this machine and nothing else is told by the version of HTTP that such proxies speak', async () => {
  const { token } = await tokenFor(gateway.core, 'behind-plain')
  const of = (version: string) =>
    sendBytes(
      port,
      `POST /mcp/notes HTTP/${version}\r\nHost: ${local}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nAccept: ${bothForms}\r\nConnection: close\r\nContent-Length: ${ping.length}\r\n\r\n${ping}`,
    )
  expect(await of('1.0')).toMatch(/^HTTP\/1\.1 403[\s\S]*FORWARDED/)
  // Let in, and told that a session is needed.
  expect(await of('1.1')).toMatch(/^HTTP\/1\.1 400/)
})

test.each([
  ['another name', 'tools.example.org', undefined, 403],
  ['a name below it', `a.${host}`, undefined, 403],
  ['its name with a dot', `${host}.`, undefined, 403],
  ['its name with the usual port', `${host}:443`, undefined, 403],
  ['its name with the port of this machine', `${host}:PORT`, undefined, 403],
  ['a page of another site', host, 'https://evil.example.com', 403],
  ['a page that came by plain http', host, `http://${host}`, 403],
  ['a page of this machine at the public name', host, 'http://127.0.0.1:PORT', 403],
  ['a page of the public origin at this machine', '127.0.0.1:PORT', origin, 403],
  ['a page of its own', host, origin, 401],
  ['its name in capitals', host.toUpperCase(), undefined, 401],
])('%s', async (_, name, page, status) => {
  const put = (text: string) => text.replace('PORT', String(port))
  expect((await atDoor(put(name), page ? { origin: put(page) } : {})).status).toBe(status)
})

test('without the setting the name is nobody’s, and a proxy is still refused', async () => {
  const plain = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  try {
    const to = plain.core.httpPort ?? 0
    expect((await send(to, 'POST', '/mcp/notes', { ...json, host }, ping)).status).toBe(403)
    expect((await postJson(to, '/oauth/register', {}, host)).status).toBe(403)
    const behind = { ...json, 'x-forwarded-for': '203.0.113.7' }
    expect(codeOf((await send(to, 'POST', '/mcp/notes', behind, ping)).body)).toBe('FORWARDED')
    expect(await plain.core.handlers.status({}, person)).toMatchObject({ http_public: null })
  } finally {
    await plain.close()
  }
})
