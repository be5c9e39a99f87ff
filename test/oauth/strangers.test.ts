import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { send } from '../fakes/http-client.ts'
import { callback, postJson, registerClient } from '../fakes/oauth-client.ts'

let gateway: TestGateway
let port: number

beforeAll(async () => {
  gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 } })
  port = gateway.core.httpPort ?? 0
})
afterAll(() => gateway.close())

describe('web pages and rebound names', () => {
  test.each(['/oauth/register', '/oauth/token', '/oauth/revoke', '/oauth/introspect', '/oauth/authorize'])(
    '%s takes nothing from another origin, nor under another name',
    async (path) => {
      for (const headers of [{ origin: 'http://evil.example.com' }, { origin: 'null' }, { host: 'evil.example.com' }]) {
        for (const method of ['POST', 'GET', 'OPTIONS']) {
          const answer = await send(port, method, path, headers, method === 'POST' ? 'a=b' : undefined)
          expect(answer.status).toBe(403)
          expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
        }
      }
    },
  )

  test('metadata too is for programs: no page may read it', async () => {
    for (const place of ['oauth-authorization-server', 'oauth-protected-resource', 'openid-configuration']) {
      const answer = await send(port, 'GET', `/.well-known/${place}`, { origin: 'http://evil.example.com' })
      expect(answer.status).toBe(403)
    }
  })
})

test('what is oversized, malformed or of another kind is refused without being taken', async () => {
  const big = { client_name: 'x', redirect_uris: [callback], extra: 'x'.repeat(100_000) }
  expect((await postJson(port, '/oauth/register', big)).status).toBe(400)
  expect((await postJson(port, '/oauth/register', [])).status).toBe(400)
  expect((await send(port, 'POST', '/oauth/register', { 'content-type': 'text/plain' }, '{}')).status).toBe(400)
  expect((await send(port, 'GET', `/oauth/authorize?x=${'a'.repeat(9_000)}`, {})).status).toBe(414)
  expect((await send(port, 'POST', '/oauth/token', { 'content-type': 'application/json' }, '{}')).status).toBe(400)
  const many = Array.from({ length: 11 }, (_, at) => `http://127.0.0.1/${at}`)
  expect((await postJson(port, '/oauth/register', { redirect_uris: many })).status).toBe(400)
  const named = await registerClient(port, {
    client_name: 'n'.repeat(5_000),
    logo_uri: 'http://evil.example.com/x.png',
  })
  expect([named.metadata.client_name.length, named.metadata.logo_uri]).toEqual([80, undefined])
})
