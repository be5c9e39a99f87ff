import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { text as allOf } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { calls } from '../../shared/calls.ts'
import { authorizationServer, browse, type Oddities, protectedServer } from '../fakes/authorization-server.ts'
import { person } from '../fakes/gateway.ts'
import { scriptedServer, sendText } from '../fakes/remote-server.ts'
import { begin, gatewayFor, over, signIn, signInEvents, signInOf } from '../fakes/sign-in.ts'

/** What a sign-in is refused with before any browser opens. */
async function refusedBefore(metadata: Oddities['metadata'], words: string): Promise<void> {
  const issuer = await authorizationServer(metadata ? { metadata } : {})
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  await expect(begin(gateway)).rejects.toMatchObject({
    code: 'SIGN_IN_FAILED',
    message: expect.stringContaining(words),
  })
  for (const endpoint of ['register', 'authorize', 'token']) expect(issuer.of(endpoint)).toEqual([])
}

test.each<[string, NonNullable<Oddities['metadata']>, string]>([
  ['names another issuer', (usual) => ({ ...usual, issuer: 'https://accounts.example.com' }), 'of another issuer'],
  ['adds a slash to its issuer', (usual) => ({ ...usual, issuer: `${usual.issuer}/` }), 'of another issuer'],
  ['knows no PKCE', ({ code_challenge_methods_supported, ...rest }) => rest, 'PKCE with S256'],
  ['knows only plain PKCE', (usual) => ({ ...usual, code_challenge_methods_supported: ['plain'] }), 'PKCE with S256'],
  [
    'has its token endpoint in the clear',
    (usual) => ({ ...usual, token_endpoint: 'http://example.com/t' }),
    'not https',
  ],
  [
    'has its token endpoint in a private network',
    (usual) => ({ ...usual, token_endpoint: 'https://10.0.0.1/t' }),
    'may not lead',
  ],
  [
    'has its page where clouds keep keys',
    (usual) => ({ ...usual, authorization_endpoint: 'https://169.254.169.254/' }),
    'may not lead',
  ],
  [
    'has a page that is a program',
    (usual) => ({ ...usual, authorization_endpoint: 'javascript:alert(1)' }),
    'not https',
  ],
  ['has a page that is a file', (usual) => ({ ...usual, authorization_endpoint: 'file:///etc/passwd' }), 'not https'],
  ['is no object', () => ['no'], 'not as it should be'],
])('an authorization server that %s is not used', (_what, metadata, words) => refusedBefore(metadata, words))

test.each<[string, (usual: Record<string, unknown>) => unknown, string]>([
  ['another resource', (usual) => ({ ...usual, resource: 'https://bank.example.com/mcp' }), 'it is another resource'],
  [
    'a resource beside its own path',
    (usual) => ({ ...usual, resource: `${usual.resource}/below` }),
    'it is another resource',
  ],
  [
    'an authorization server in a private network',
    (usual) => ({ ...usual, authorization_servers: ['https://192.168.1.1'] }),
    'may not lead',
  ],
  ['no authorization server', (usual) => ({ ...usual, authorization_servers: [] }), 'not as it should be'],
])('a server whose metadata names %s is not signed in to', async (_what, metadata, words) => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer, { metadata })
  const gateway = await gatewayFor(server.url)
  await expect(begin(gateway)).rejects.toMatchObject({ message: expect.stringContaining(words) })
  expect(issuer.asked).toEqual([])
})

test.each([
  ['https://169.254.169.254/latest/meta-data', 'may not lead'],
  ['https://[fd00::1]/', 'may not lead'],
  ['http://example.com/meta', 'not https'],
  ['file:///etc/passwd', 'not https'],
])('metadata at %s is not fetched', async (place, words) => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer, { challenge: () => `Bearer resource_metadata="${place}"` })
  const gateway = await gatewayFor(server.url)
  await expect(begin(gateway)).rejects.toMatchObject({ message: expect.stringContaining(words) })
})

test('a redirect of metadata to another origin is not followed, one within the origin is', async () => {
  const issuer = await authorizationServer()
  const elsewhere = await scriptedServer((_got, res) => sendText(res, '{}'))
  const target = { to: `${elsewhere.url}/stolen` }
  const server = await protectedServer(() => issuer, {
    challenge: (metadata) => `Bearer resource_metadata="${new URL('/moved', metadata)}"`,
    script: ({ path }, res) => path === '/moved' && res.writeHead(302, { location: target.to }).end(),
  })
  const gateway = await gatewayFor(server.url)
  await expect(begin(gateway)).rejects.toMatchObject({
    message: expect.stringContaining('redirects to another origin'),
  })
  expect(elsewhere.got).toEqual([])
  target.to = '/.well-known/oauth-protected-resource/mcp'
  expect((await signIn(gateway)).state).toBe('signed_in')
})

test.each(['elsewhere', 'within its origin'])('a token endpoint that redirects %s is not followed', async (where) => {
  const elsewhere = await scriptedServer((_got, res) => sendText(res, '{}'))
  const door = await scriptedServer(({ path }, res) =>
    path === '/mcp' ? res.writeHead(307, { location: where === 'elsewhere' ? elsewhere.url : '/next' }).end() : false,
  )
  const issuer = await authorizationServer({ metadata: (usual) => ({ ...usual, token_endpoint: door.url }) })
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  expect(await signIn(gateway)).toMatchObject({ state: 'signed_out', problem: expect.any(String) })
  expect([elsewhere.got.length, door.got.map(({ path }) => path)]).toEqual([0, ['/mcp']])
})

test.each<[string, (usual: URLSearchParams, issuer: string) => URLSearchParams]>([
  ['of another issuer', (usual) => changed(usual, { iss: 'https://evil.example.com' })],
  ['of nearly the same issuer', (usual, issuer) => changed(usual, { iss: `${issuer}/` })],
  ['without an issuer, although one was promised', (usual) => changed(usual, { iss: null })],
])('an answer %s is not used: its code goes nowhere', async (_what, back) => {
  const issuer = await authorizationServer()
  issuer.behave({ back: (usual) => back(usual, issuer.issuer) })
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  expect(await signIn(gateway)).toMatchObject({
    state: 'signed_out',
    problem: expect.stringContaining('another issuer'),
  })
  expect(issuer.of('token')).toEqual([])
  expect(signInEvents(gateway)).toEqual(['sign_in_started', 'sign_in_failed'])
})

test('what comes back without the right state, elsewhere or under another name, ends nothing and says nothing', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  const url = new URL(await begin(gateway))
  const back = new URL(url.searchParams.get('redirect_uri') ?? '')
  expect(back.hostname).toBe('127.0.0.1')
  expect(back.pathname).toMatch(/^\/callback\/[\w-]{22}$/)
  const state = url.searchParams.get('state') ?? ''
  const status = async (query: string, path = back.pathname) => (await fetch(`${back.origin}${path}?${query}`)).status
  expect(await status('code=stolen')).toBe(400)
  expect(await status('code=stolen&state=')).toBe(400)
  expect(await status(`code=stolen&state=${state.slice(1)}x`)).toBe(400)
  expect(await status(`code=stolen&state=${state}&state=${state}`)).toBe(400)
  expect(await status(`code=stolen&state=${state}`, '/callback')).toBe(404)
  expect(await status(`code=stolen&state=${state}`, `${back.pathname}/x`)).toBe(404)
  expect((await fetch(`${back.href}?code=c&state=${state}`, { method: 'POST' })).status).toBe(405)
  // A name that somebody lets lead here is another host.
  expect(
    (await fetch(`http://localhost:${back.port}${back.pathname}?code=c&state=${state}`).catch(() => null))?.status ??
      404,
  ).toBe(404)
  expect((await signInOf(gateway)).state).toBe('waiting')
  expect(issuer.of('token')).toEqual([])

  const last = await browse(url.href)
  expect([last.status, last.text]).toEqual([200, expect.stringContaining('You can close this page')])
  expect((await over(gateway)).state).toBe('signed_in')
  // It is gone once it was used: the same answer cannot come twice.
  await expect(fetch(last.last)).rejects.toThrow()
})

test.each(['//', '/\\', 'http://', 'http://[', '?', '*'])(
  'a target that is no address, `%s`, ends nothing',
  async (target) => {
    const issuer = await authorizationServer()
    const server = await protectedServer(() => issuer)
    const gateway = await gatewayFor(server.url)
    const url = new URL(await begin(gateway))
    const { port, host } = new URL(url.searchParams.get('redirect_uri') ?? '')
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`GET ${target} HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
    expect(await allOf(socket)).toMatch(/^HTTP\/1.1 40[04] /)
    await browse(url.href)
    expect((await over(gateway)).state).toBe('signed_in')
  },
)

test('an authorization server that answers with another protocol keeps nobody waiting', async () => {
  const issuer = await authorizationServer()
  const door = await scriptedServer((_got, _res, req) =>
    req.socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  )
  issuer.behave({ metadata: (usual) => ({ ...usual, token_endpoint: door.url, revocation_endpoint: door.url }) })
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  expect(await signIn(gateway)).toMatchObject({ problem: expect.stringContaining('another protocol') })
})

test.each([1e300, Number.MAX_VALUE, -1, 0])('a token that lives for %d seconds can be shown', async (seconds) => {
  const issuer = await authorizationServer({ lifetimeSec: seconds })
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  const shown = await signIn(gateway)
  if (shown.state === 'signed_in') expect(shown.expires_at).toMatch(/^\d{4}-/)
  else expect(shown.problem).toContain('not allowed')
})

test('a client that is lost while the vault cannot be written: the sign-in fails, and the gateway goes on', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  const url = await begin(gateway)
  rmSync(gateway.paths.vault, { recursive: true })
  writeFileSync(gateway.paths.vault, '')
  issuer.refuse('invalid_client')
  await browse(url)
  expect((await over(gateway)).problem).toContain('invalid_client')
  expect(signInEvents(gateway)).toEqual(['sign_in_started', 'sign_in_failed'])
})

test.each(['its authorization server says nothing', 'the vault cannot be used'])(
  'sessions of a removed server end at once, also when %s',
  async (what) => {
    const issuer = await authorizationServer()
    const silent = await scriptedServer(() => true)
    issuer.behave({ metadata: (usual) => ({ ...usual, revocation_endpoint: silent.url }) })
    const server = await protectedServer(() => issuer)
    const gateway = await gatewayFor(server.url)
    await signIn(gateway)
    await gateway.approveServer('cloud')
    const client = gateway.connect('cloud')
    await client.initialize()
    const sessions = async () => (await gateway.core.handlers.status({}, person)).sessions
    expect(await sessions()).toBe(1)
    if (what.includes('vault')) {
      rmSync(gateway.paths.vault, { recursive: true })
      writeFileSync(gateway.paths.vault, '')
    }
    const removed = gateway.core.handlers['servers.remove']({ name: 'cloud' }, person).catch(() => null)
    await expect.poll(sessions, { timeout: 5_000 }).toBe(0)
    silent.server.closeAllConnections()
    await removed
  },
)

test('a server that is changed is refused at once, whatever its authorization server does', async () => {
  const issuer = await authorizationServer()
  const silent = await scriptedServer(() => true)
  issuer.behave({ metadata: (usual) => ({ ...usual, revocation_endpoint: silent.url }) })
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  await signIn(gateway)
  await gateway.approveServer('cloud')
  const client = gateway.connect('cloud')
  await client.initialize()
  const launch = { transport: 'http' as const, url: server.url.replace('127.0.0.1', 'localhost') }
  const changing = gateway.core.handlers['servers.set']({ name: 'cloud', launch }, person)
  await expect.poll(() => silent.got.length, { timeout: 5_000 }).toBe(1)
  expect((await client.call('read_script', {})).outcome).toBe('SERVER_CHANGED')
  expect((await signInOf(gateway)).state).toBe('signed_out')
  silent.server.closeAllConnections()
  expect(await changing).toMatchObject({ state: 'changed' })
})

test.each(['servers.set', 'servers.add'] as const)(
  '%s without a person signs nobody out, and takes no token elsewhere',
  async (call) => {
    const issuer = await authorizationServer()
    const server = await protectedServer(() => issuer)
    const gateway = await gatewayFor(server.url)
    const { handlers } = gateway.core
    await signIn(gateway)
    const url = server.url.replace('127.0.0.1', 'localhost')
    const nobody = { name: 'terminal', present: false, pid: process.pid } as const
    const changeTo = async (to: string) => {
      const launch = { transport: 'http' as const, url: to, headers: {} }
      const judged = { trust_level: 'restricted' as const, environment: 'test', risk_tags: [] }
      if (call === 'servers.set') await handlers[call]({ name: 'cloud', launch }, nobody)
      else await handlers[call]({ name: 'cloud', launch, ...judged }, nobody)
    }
    await changeTo(url)
    expect(await signInOf(gateway)).toMatchObject({ state: 'signed_out', wanted: false })
    const asked = server.got.length
    await gateway.approveServer('cloud').catch(() => {})
    expect(server.got.length).toBeGreaterThan(asked)
    for (const { headers } of server.got.slice(asked)) expect(headers).not.toHaveProperty('authorization')
    await changeTo(server.url)
    expect([(await signInOf(gateway)).state, issuer.of('revoke')]).toEqual(['signed_in', []])
  },
)

test('a code that somebody else got for themselves is refused, for its verifier never left', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  const url = new URL(await begin(gateway))
  // The attacker's own browser went through a sign-in that the attacker began, with the same client.
  const theirs = new URL(url)
  theirs.searchParams.set('code_challenge', 'A'.repeat(43))
  const res = await fetch(theirs, { redirect: 'manual' })
  await fetch(res.headers.get('location') ?? '')
  expect(await over(gateway)).toMatchObject({ state: 'signed_out', problem: expect.stringContaining('invalid_grant') })
  expect(issuer.tokens()).toEqual([])
})

test.each([
  ['a token that would be two headers', { access_token: 'a\r\nx-evil: 1' }],
  ['no token', { access_token: undefined }],
  ['a token of another kind', { token_type: 'mac' }],
])('an authorization server that issues %s signs nobody in', async (_what, odd) => {
  const issuer = await authorizationServer({ token: (usual) => ({ ...usual, ...odd }) })
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  expect(await signIn(gateway)).toMatchObject({ state: 'signed_out', problem: expect.any(String) })
})

test('what an authorization server says in its errors is repeated nowhere', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  issuer.refuse('<b>call this number</b>')
  const { problem } = await signIn(gateway)
  expect(problem).toBe('the exchange of the code was refused (an error)')
  expect(JSON.stringify(gateway.entries())).not.toContain('number')
})

test('a browser is opened where the host can, with exactly the address that is shown', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const opened: string[] = []
  const openUrl = async (url: string) => {
    opened.push(url)
    if (opened.length > 1) throw new Error('there is no browser')
  }
  const gateway = await gatewayFor(server.url, { ports: { openUrl } })
  const ask = (open: boolean) => gateway.core.handlers['servers.sign_in']({ name: 'cloud', open }, person)
  const first = await ask(true)
  expect([first.opened, opened]).toEqual([true, [first.url]])
  expect((await ask(true)).opened).toBe(false)
  expect((await ask(false)).opened).toBe(false)
  expect(opened).toHaveLength(2)
})

test('signing in needs a person at a door of theirs', async () => {
  for (const name of ['servers.sign_in', 'servers.sign_in_as', 'servers.sign_out'] as const) {
    expect([calls[name].doors, calls[name].presence]).toEqual([['terminal', 'approval'], true])
  }
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  const input = { name: 'nobody', open: false }
  await expect(gateway.core.handlers['servers.sign_in'](input, person)).rejects.toMatchObject({
    code: 'SERVER_UNKNOWN',
  })
})

function changed(usual: URLSearchParams, by: Record<string, string | null>): URLSearchParams {
  for (const [name, value] of Object.entries(by)) {
    if (value === null) usual.delete(name)
    else usual.set(name, value)
  }
  return usual
}
