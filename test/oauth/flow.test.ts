import { afterAll, beforeAll, expect, test } from 'vitest'
import { notesOverHttp, type TestGateway } from '../fakes/gateway.ts'
import { legacyClient, send } from '../fakes/http-client.ts'
import { answerConsent, callback, connected, registerClient } from '../fakes/oauth-client.ts'

let gateway: TestGateway
let port: number

beforeAll(async () => {
  ;({ gateway, port } = await notesOverHttp())
})
afterAll(() => gateway.close())

const get = async (path: string, host = `127.0.0.1:${port}`) => {
  const answer = await send(port, 'GET', path, { host })
  return { status: answer.status, body: JSON.parse(answer.body) }
}

test.each(['127.0.0.1', 'localhost'])('at %s the metadata names the issuer by which it was reached', async (name) => {
  const host = `${name}:${port}`
  const issuer = `http://${host}`
  for (const place of ['oauth-authorization-server', 'openid-configuration']) {
    const { status, body } = await get(`/.well-known/${place}`, host)
    expect([status, body.issuer, body.code_challenge_methods_supported]).toEqual([200, issuer, ['S256']])
    expect(body).toMatchObject({
      token_endpoint: `${issuer}/oauth/token`,
      token_endpoint_auth_methods_supported: ['none'],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: false,
    })
  }
  for (const [place, resource] of [
    ['', '/mcp'],
    ['/mcp', '/mcp'],
    ['/mcp/notes', '/mcp/notes'],
  ]) {
    const { status, body } = await get(`/.well-known/oauth-protected-resource${place}`, host)
    expect([status, body.resource, body.authorization_servers]).toEqual([200, issuer + resource, [issuer]])
  }
  expect((await get('/.well-known/oauth-protected-resource/elsewhere', host)).status).toBe(404)
})

test('a caller without a token is told where to get one', async () => {
  const bare = await send(port, 'POST', '/mcp/notes', {}, '{}')
  const place = `http://127.0.0.1:${port}/.well-known/oauth-protected-resource/mcp/notes`
  expect([bare.status, bare.headers['www-authenticate']]).toEqual([
    401,
    `Bearer resource_metadata="${place}", scope="mcp"`,
  ])
  const wrong = await send(port, 'POST', '/mcp/notes', { authorization: `Bearer ${'A'.repeat(43)}` }, '{}')
  expect(wrong.headers['www-authenticate']).toBe(
    `Bearer error="invalid_token", resource_metadata="${place}", scope="mcp"`,
  )
})

test('an app registers, waits for a person, gets its tokens, and may do nothing until policy says so', async () => {
  const client = await registerClient(port, {
    client_name: 'Editor',
    token_endpoint_auth_method: 'client_secret_basic',
  })
  expect([client.registered.status, client.metadata.token_endpoint_auth_method]).toEqual([201, 'none'])
  expect(client.metadata.client_secret).toBeUndefined()
  const asked = await client.authorize({ purpose: 'to keep your notes' })
  expect([asked.first.status, asked.place]).toEqual([303, expect.stringMatching(/^\/oauth\/consent\//)])
  const page = await asked.browser.get(asked.place)
  expect(page.body).toContain('Look at Toolgate')
  expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")

  await answerConsent(gateway.core, 'always')
  const back = await asked.finish()
  expect(back.origin + back.pathname).toBe(callback)
  expect([back.searchParams.get('state'), back.searchParams.get('iss')]).toEqual(['st-1', `http://127.0.0.1:${port}`])
  const answer = await client.exchange(back.searchParams.get('code') ?? '', asked.verifier)
  const tokens = JSON.parse(answer.body)
  expect([answer.status, tokens]).toMatchObject([200, { token_type: 'Bearer', scope: 'mcp', expires_in: 900 }])
  expect(await client.introspect(tokens.access_token)).toMatchObject({
    active: true,
    aud: `http://127.0.0.1:${port}/mcp`,
  })

  const session = await legacyClient(port, tokens.access_token, 'notes')
  const listed = await session.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}')
  expect(listed.body).toContain('"tools":[]')
  const called = await session.post(
    '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"read_note","arguments":{}}}',
  )
  expect(called.body).toContain('ACCESS_DENIED')
})

test('a refresh token is good once; who uses it again ends the family', async () => {
  const { client, tokens } = await connected(gateway.core, port)
  const second = JSON.parse((await client.refresh(tokens.refresh_token ?? '')).body)
  expect(second.access_token).toMatch(/^[\w-]{43}$/)
  expect((await client.introspect(second.access_token)).active).toBe(true)
  const again = await client.refresh(tokens.refresh_token ?? '')
  expect([again.status, JSON.parse(again.body).error]).toEqual([400, 'invalid_grant'])
  for (const token of [second.access_token, second.refresh_token, tokens.access_token]) {
    expect(await client.introspect(token)).toEqual({ active: false })
  }
})

test('once is one token: it brings no refresh token', async () => {
  const { tokens } = await connected(gateway.core, port, { answer: 'once' })
  expect([tokens.refresh_token, tokens.expires_in]).toEqual([undefined, 3600])
})

test('what the app revokes is refused with the next request, and its sessions end', async () => {
  const { client, tokens } = await connected(gateway.core, port)
  const session = await legacyClient(port, tokens.access_token, 'notes')
  const stream = await session.listen()
  expect(stream.status).toBe(200)
  expect((await client.revoke(tokens.access_token)).status).toBe(200)
  expect((await session.post('{"jsonrpc":"2.0","id":1,"method":"ping"}')).status).toBe(401)
  await expect.poll(() => stream.ended()).toBe(true)
})
