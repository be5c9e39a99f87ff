import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { type HttpAnswer, send } from '../fakes/http-client.ts'
import { answerConsent, browserOf, callback, placeOf } from '../fakes/oauth-client.ts'

/** A gateway behind a proxy that ends TLS: what reaches it carries the public name, over plain HTTP from this machine. */
const host = 'tools.example.com'
const origin = `https://${host}`
let gateway: TestGateway
let port: number

beforeAll(async () => {
  const settings = { public_origin: origin }
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 }, settings })
  await gateway.addServer('notes', 'notes-server')
  port = gateway.core.httpPort ?? 0
})
afterAll(() => gateway.close())

const form = { host, 'content-type': 'application/x-www-form-urlencoded' }
const json = { host, 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const get = (path: string, headers: Record<string, string> = {}) => send(port, 'GET', path, { host, ...headers })
const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}'

/** Signs an app in by its public name; `forged`: what it says of whom it stands for. */
async function signIn(forged: Record<string, string> = {}): Promise<{ answer: URL; tokens: HttpAnswer }> {
  const metadata = JSON.stringify({ client_name: 'Far app', redirect_uris: [callback] })
  const registered = await send(port, 'POST', '/oauth/register', { ...json, ...forged }, metadata)
  const { client_id, registration_client_uri } = JSON.parse(registered.body)
  expect(registration_client_uri).toBe(`${origin}/oauth/register/${client_id}`)
  const verifier = randomBytes(32).toString('base64url')
  const browser = browserOf(port, host)
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id, redirect_uri: callback, scope: 'mcp', resource: `${origin}/mcp/notes` },
    ...{ code_challenge_method: 'S256', code_challenge: createHash('sha256').update(verifier).digest('base64url') },
  })
  const first = await browser.get(`/oauth/authorize?${query}`)
  expect([first.headers['set-cookie'] ?? ''].flat().every((cookie) => /; secure/i.test(cookie))).toBe(true)
  await answerConsent(gateway.core, 'always')
  let next = await browser.get(placeOf(first))
  for (; placeOf(next).startsWith('/oauth/'); next = await browser.get(placeOf(next)))
    expect(String(next.headers.location)).toMatch(/^(https:\/\/tools\.example\.com)?\/oauth\//)
  const answer = new URL(String(next.headers.location))
  const code = answer.searchParams.get('code') ?? ''
  const fields = { grant_type: 'authorization_code', client_id, code, code_verifier: verifier, redirect_uri: callback }
  return { answer, tokens: await send(port, 'POST', '/oauth/token', form, new URLSearchParams(fields).toString()) }
}

test('every address that it tells is the public one, over https', async () => {
  const server = JSON.parse((await get('/.well-known/oauth-authorization-server')).body)
  expect(server).toMatchObject({ issuer: origin, token_endpoint: `${origin}/oauth/token` })
  const resource = JSON.parse((await get('/.well-known/oauth-protected-resource/mcp/notes')).body)
  expect(resource).toMatchObject({ resource: `${origin}/mcp/notes`, authorization_servers: [origin] })
  const refused = await send(port, 'POST', '/mcp/notes', json, ping)
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([
    401,
    expect.stringContaining(`resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp/notes"`),
  ])
  const own = JSON.parse((await send(port, 'GET', '/.well-known/oauth-authorization-server', {})).body)
  expect(own.issuer).toBe(`http://127.0.0.1:${port}`)
})

test('an app signs in by it, is told so in the answer, and its token is good there and here', async () => {
  const { answer, tokens } = await signIn()
  expect(answer.searchParams.get('iss')).toBe(origin)
  const { access_token } = JSON.parse(tokens.body)
  const authorization = `Bearer ${access_token}`
  const initialize = JSON.stringify({
    ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'far', version: '1' } },
  })
  for (const name of [host, `127.0.0.1:${port}`]) {
    const headers = { ...json, host: name, authorization }
    expect((await send(port, 'POST', '/mcp/notes', headers, initialize)).status).toBe(200)
    expect((await send(port, 'POST', '/mcp', headers, initialize)).status).toBe(401)
  }
})

test('what a caller writes of whom it stands for moves nothing', async () => {
  const evil = 'evil.example.com'
  const forged = { 'x-forwarded-host': evil, 'x-forwarded-proto': 'http', 'x-forwarded-for': '8.8.8.8' }
  expect((await signIn({ ...forged, forwarded: `host=${evil}` })).tokens.status).toBe(200)
})

test.each([
  ['another name', 'tools.example.org', undefined, 403],
  ['a name below it', `a.${host}`, undefined, 403],
  ['its name with the port of this machine', null, undefined, 403],
  ['a page of another site', host, 'https://evil.example.com', 403],
  ['a page that came by plain http', host, `http://${host}`, 403],
  ['a page of its own', host, origin, 401],
])('%s', async (_, name, page, status) => {
  const headers = { ...json, host: name ?? `${host}:${port}`, ...(page ? { origin: page } : {}) }
  expect((await send(port, 'POST', '/mcp/notes', headers, ping)).status).toBe(status)
})

test('without the setting the name is nobody’s', async () => {
  const plain = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  try {
    expect((await send(plain.core.httpPort ?? 0, 'POST', '/mcp/notes', json, ping)).status).toBe(403)
  } finally {
    await plain.close()
  }
})
