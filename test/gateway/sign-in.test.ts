import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src-main/host/clock.ts'
import { authorizationServer, browse, protectedServer } from '../fakes/authorization-server.ts'
import { person, startGateway } from '../fakes/gateway.ts'
import { beginEvents, scriptedServer, sendText } from '../fakes/remote-server.ts'
import { begin, gatewayFor, over, register, signIn, signInEvents, signInOf } from '../fakes/sign-in.ts'

const older = { protocolVersion: '2024-11-05', serverInfo: { name: 's', version: '1' } }

/** Everything that lies in the files below a folder, as one text. */
function filesBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

test('a server that wants a sign-in is signed in to, called, and signed out of', async () => {
  const issuer = await authorizationServer({ scopes: ['notes:read', 'offline_access'] })
  const server = await protectedServer(() => issuer, { scopes: ['notes:read'] })
  const gateway = await gatewayFor(server.url)
  await expect(gateway.approveServer('cloud')).rejects.toMatchObject({ code: 'SERVER_WANTS_SIGN_IN' })
  expect(await signInOf(gateway)).toMatchObject({ state: 'signed_out', wanted: true, scopes: [] })

  expect(await signIn(gateway)).toMatchObject({
    ...{ state: 'signed_in', wanted: false, problem: null, renews: true },
    ...{ scopes: ['notes:read', 'offline_access'], issuer: issuer.issuer },
  })
  await gateway.approveServer('cloud')
  const client = gateway.connect('cloud')
  await client.initialize()
  expect(await client.call('read_script', {})).toEqual({ outcome: 'ok', text: 'done' })

  const { handlers } = gateway.core
  expect((await handlers['servers.sign_out']({ name: 'cloud' }, person)).sign_in).toMatchObject({ state: 'signed_out' })
  expect(issuer.of('revoke').map(({ parameters }) => parameters.get('token'))).toEqual([
    issuer.refreshTokens().at(-1),
    issuer.tokens().at(-1),
  ])
  expect(await client.call('read_script', {})).toMatchObject({ outcome: 'SERVER_WANTS_SIGN_IN' })
  expect(signInEvents(gateway)).toEqual(['sign_in_started', 'signed_in', 'signed_out'])
  // Nobody but the server and its authorization server ever sees any of it.
  const all = [filesBelow(gateway.profile), JSON.stringify(gateway.entries()), JSON.stringify(await signInOf(gateway))]
  for (const token of [...issuer.tokens(), ...issuer.refreshTokens()]) {
    for (const text of all) expect(text).not.toContain(token)
  }
})

test('a sign-in outlives a restart, and nothing of it can be read in the profile', async () => {
  const issuer = await authorizationServer({ methods: ['client_secret_basic'] })
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  await signIn(gateway)
  await gateway.approveServer('cloud')
  await gateway.stop()
  const secrets = [...issuer.clients.values()].flatMap(({ secret }) => (secret === null ? [] : [secret]))
  expect(secrets).toHaveLength(1)
  const files = filesBelow(gateway.profile)
  for (const secret of [...issuer.tokens(), ...issuer.refreshTokens(), ...secrets]) expect(files).not.toContain(secret)

  const later = await startGateway({ profile: gateway.profile })
  onTestFinished(() => later.close())
  expect((await signInOf(later)).state).toBe('signed_in')
  const client = later.connect('cloud')
  await client.initialize()
  expect((await client.call('read_script', {})).outcome).toBe('ok')
})

test('tokens are renewed once for all who wait, and an old refresh token is never used again', async () => {
  const issuer = await authorizationServer({ lifetimeSec: 1 })
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  await signIn(gateway)
  await gateway.approveServer('cloud')
  const before = issuer.of('token').length
  issuer.behave({ lifetimeSec: 3600 })
  const clients = await Promise.all(
    [1, 2, 3].map(async () => {
      const client = gateway.connect('cloud')
      await client.initialize()
      return client
    }),
  )
  const calls = clients.flatMap((client) => [1, 2].map(() => client.call('read_script', {})))
  expect(await Promise.all(calls)).toEqual(calls.map(() => ({ outcome: 'ok', text: 'done' })))
  expect(issuer.of('token').length - before).toBe(1)
  const used = issuer.of('token').map(({ parameters }) => parameters.get('refresh_token'))
  const given = used.filter((token) => token !== null)
  expect(new Set(given).size).toBe(given.length)
  // The first renewal of a sign-in is recorded, those after it are not.
  expect(signInEvents(gateway)).toEqual(['sign_in_started', 'signed_in', 'sign_in_renewed'])
})

test('a token that ended before its time is renewed and the call made again; when that is refused, a person is asked', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const clock = { ahead: 0 }
  const moved = { ...systemClock, now: () => systemClock.now() + clock.ahead }
  const told: string[] = []
  const notify = ({ title }: { title: string }) => void told.push(title)
  const gateway = await gatewayFor(server.url, { ports: { clock: moved, notify } })
  await signIn(gateway)
  await gateway.approveServer('cloud')
  const client = gateway.connect('cloud')
  await client.initialize()
  clock.ahead = 60_000
  issuer.expire(issuer.tokens().at(-1) ?? '')
  expect([(await client.call('read_script', {})).outcome, told]).toEqual(['ok', []])

  clock.ahead = 120_000
  issuer.expire(issuer.tokens().at(-1) ?? '')
  issuer.refuse('invalid_grant')
  expect((await client.call('read_script', {})).outcome).toBe('SERVER_WANTS_SIGN_IN')
  expect(await signInOf(gateway)).toMatchObject({ state: 'signed_out', wanted: true })
  expect(signInEvents(gateway).slice(2)).toEqual(['sign_in_renewed', 'sign_in_ended'])
  expect(told).toEqual(['cloud wants a sign-in'])
  issuer.refuse(null)
  await signIn(gateway)
  expect((await client.call('read_script', {})).outcome).toBe('ok')
})

test('whoever is refused with a token that was renewed meanwhile asks again with the new one', async () => {
  const issuer = await authorizationServer()
  const late = Promise.withResolvers<void>()
  let held = 0
  const server = await protectedServer(() => issuer, {
    script: ({ json, headers }, res) => {
      const token = headers.authorization?.replace('Bearer ', '') ?? ''
      if (json?.method !== 'tools/call' || issuer.scopesOf(token, server.url) || held++ > 0) return false
      return late.promise.then(() => sendText(res, '{}', 401, { 'www-authenticate': 'Bearer' }))
    },
  })
  const clock = { ahead: 0 }
  const moved = { ...systemClock, now: () => systemClock.now() + clock.ahead }
  const gateway = await gatewayFor(server.url, { ports: { clock: moved } })
  await signIn(gateway)
  await gateway.approveServer('cloud')
  const client = gateway.connect('cloud')
  await client.initialize()
  // From here on the gateway knows the tools, and a call is one request.
  await client.call('read_script', {})
  clock.ahead = 60_000
  issuer.expire(issuer.tokens().at(-1) ?? '')
  const first = client.call('read_script', {})
  await expect.poll(() => held).toBe(1)
  expect((await client.call('read_script', {})).outcome).toBe('ok')
  late.resolve()
  expect((await first).outcome).toBe('ok')
  expect(issuer.of('token')).toHaveLength(2)
})

test('a sign-in that is overtaken goes no further: by another, by signing out, by the end of its server', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  const both = await Promise.allSettled([begin(gateway), begin(gateway)])
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const url = await begin(gateway)
  const gone = gateway.core.handlers['servers.remove']({ name: 'cloud' }, person)
  await browse(url).catch(() => {})
  await gone
  await register(gateway, 'cloud', server.url)
  expect((await signInOf(gateway)).state).toBe('signed_out')
})

test('tokens that come after a person signed out are not kept', async () => {
  const late = Promise.withResolvers<void>()
  const tokens = '{"access_token":"too-late","token_type":"Bearer"}'
  const door = await scriptedServer((_got, res) => late.promise.then(() => sendText(res, tokens)))
  const issuer = await authorizationServer({ metadata: (usual) => ({ ...usual, token_endpoint: door.url }) })
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  await browse(await begin(gateway))
  await expect.poll(() => door.got.length).toBe(1)
  await gateway.core.handlers['servers.sign_out']({ name: 'cloud' }, person)
  late.resolve()
  await expect.poll(() => signInEvents(gateway).at(-1)).toBe('sign_in_failed')
  expect(await signInOf(gateway)).toMatchObject({ state: 'signed_out', problem: null })
})

test('more rights are asked for beside those that were granted, and not again and again', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer, { scopes: ['read'], needs: { read_script: 'admin' } })
  const gateway = await gatewayFor(server.url)
  await signIn(gateway)
  await gateway.approveServer('cloud')
  const client = gateway.connect('cloud')
  await client.initialize()
  const refused = await client.call('read_script', {})
  expect(refused).toMatchObject({ outcome: 'SERVER_WANTS_SCOPES', text: expect.stringContaining('`admin`') })
  expect(await signInOf(gateway)).toMatchObject({ state: 'signed_in', wanted: true, wanted_scopes: ['admin'] })
  expect((await signIn(gateway)).scopes).toEqual(['read', 'admin'])
  expect((await client.call('read_script', {})).outcome).toBe('ok')
})

test('a server that is never content with what it asked for is not believed for ever', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer, {
    script: ({ json }, res) =>
      json?.method === 'tools/call' &&
      sendText(res, '{}', 403, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="more"' }),
  })
  const gateway = await gatewayFor(server.url)
  await signIn(gateway)
  await gateway.approveServer('cloud')
  const client = gateway.connect('cloud')
  await client.initialize()
  for (let times = 0; times < 2; times++) {
    expect((await client.call('read_script', {})).outcome).toBe('SERVER_WANTS_SCOPES')
    expect((await signIn(gateway)).scopes).toEqual(['more'])
  }
  expect((await client.call('read_script', {})).outcome).toBe('SERVER_WANTS_SCOPES')
  await expect(begin(gateway)).rejects.toMatchObject({ code: 'SIGN_IN_FAILED', message: /wants the same rights again/ })
  expect(issuer.of('authorize')).toHaveLength(3)
})

test('several servers of one authorization server have tokens of their own, which never meet', async () => {
  const issuer = await authorizationServer()
  const [one, two] = [await protectedServer(() => issuer), await protectedServer(() => issuer)]
  const gateway = await gatewayFor(one.url)
  await register(gateway, 'other', two.url)
  await signIn(gateway)
  await expect(gateway.approveServer('other')).rejects.toMatchObject({ code: 'SERVER_WANTS_SIGN_IN' })
  await signIn(gateway, 'other')
  await gateway.approveServer('other')
  await gateway.approveServer('cloud')
  const sent = (got: typeof one.got) =>
    new Set(got.flatMap(({ headers }) => (headers.authorization ? [headers.authorization] : [])))
  expect([sent(one.got).size, sent(two.got).size]).toEqual([1, 1])
  expect([...sent(one.got)]).not.toEqual([...sent(two.got)])
})

test('a server of the oldest transport is signed in to: its stream, and the endpoint that the stream names', async () => {
  const issuer = await authorizationServer()
  const waiting: ((text: string) => unknown)[] = []
  const posted: (string | undefined)[] = []
  const server = await protectedServer(() => issuer, {
    script: ({ path, method, headers, json }, res) => {
      const token = headers.authorization?.replace('Bearer ', '')
      const known = token !== undefined && issuer.scopesOf(token, server.url) !== null
      if (path === '/mcp' && method === 'POST') return res.writeHead(405).end()
      if (path === '/mcp' && known) {
        waiting.push(beginEvents(res))
        return waiting.at(-1)?.('event: endpoint\ndata: /post\n\n')
      }
      if (path !== '/post') return false
      posted.push(known ? json.method : 'refused')
      res.writeHead(known ? 202 : 401).end()
      const result = json.method === 'initialize' ? { ...older, capabilities: { tools: {} } } : { tools: [] }
      const answer = JSON.stringify({ jsonrpc: '2.0', id: json.id, result })
      return known && json.id !== undefined ? waiting.at(-1)?.(`event: message\ndata: ${answer}\n\n`) : true
    },
  })
  const gateway = await gatewayFor(server.url)
  await expect(gateway.approveServer('cloud')).rejects.toMatchObject({ code: 'SERVER_WANTS_SIGN_IN' })
  expect((await signIn(gateway)).state).toBe('signed_in')
  await gateway.approveServer('cloud')
  expect(posted).toEqual(['initialize', 'notifications/initialized', 'tools/list'])
})

test.each([
  ['oauth', ''],
  ['openid', ''],
  ['oauth', '/tenant'],
  ['openid', '/tenant'],
  ['openid-path', '/tenant'],
] as const)('metadata of an authorization server is found as %s of issuer `%s`', async (at, path) => {
  const issuer = await authorizationServer({ at, path })
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  expect(await signIn(gateway)).toMatchObject({ state: 'signed_in', issuer: issuer.issuer })
})

test.each(['none', 'client_secret_basic', 'client_secret_post'])(
  'a client is known to the token endpoint by %s',
  async (method) => {
    const issuer = await authorizationServer({ methods: [method] })
    const server = await protectedServer(() => issuer)
    const gateway = await gatewayFor(server.url)
    expect((await signIn(gateway)).state).toBe('signed_in')
    expect([...issuer.clients.values()].map((client) => client.method)).toEqual([method])
  },
)

test('a client that a person registered is used where it was registered, and nowhere else', async () => {
  const issuer = await authorizationServer()
  const elsewhere = await authorizationServer()
  const at = { issuer }
  const server = await protectedServer(() => at.issuer)
  const gateway = await gatewayFor(server.url)
  const given = { name: 'cloud', client_id: 'ours', client_secret: 'a secret of ours' }
  const { redirect_uri, ...told } = await gateway.core.handlers['servers.sign_in_as'](given, person)
  expect(told).toEqual({ issuer: issuer.issuer })
  expect(signInEvents(gateway)).toEqual(['sign_in_client'])
  expect(JSON.stringify(gateway.entries())).not.toContain('a secret of ours')
  issuer.clients.set('ours', { secret: 'a secret of ours', method: 'client_secret_basic', redirects: [redirect_uri] })
  expect((await signIn(gateway)).state).toBe('signed_in')
  expect(issuer.of('register')).toEqual([])

  at.issuer = elsewhere
  expect(await signIn(gateway)).toMatchObject({ state: 'signed_in', issuer: elsewhere.issuer })
  const said = elsewhere.asked.map(({ parameters, authorization }) => `${parameters} ${authorization}`).join('\n')
  expect(said).not.toMatch(/ours|secret/)
  expect(elsewhere.of('register')).toHaveLength(1)
})

test('a registration serves again as long as it is known, and is made anew when it is not', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  await signIn(gateway)
  await signIn(gateway)
  expect(issuer.of('register')).toHaveLength(1)
  issuer.refuse('invalid_client')
  expect((await signIn(gateway)).problem).toContain('invalid_client')
  issuer.refuse(null)
  expect(await signIn(gateway)).toMatchObject({ problem: null })
  expect(issuer.of('register')).toHaveLength(2)
})

test('removing a server forgets and revokes its sign-in', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  await signIn(gateway)
  await gateway.core.handlers['servers.remove']({ name: 'cloud' }, person)
  expect(issuer.of('revoke')).toHaveLength(2)
  await register(gateway, 'cloud', server.url)
  expect((await signInOf(gateway)).state).toBe('signed_out')
  expect(readdirSync(gateway.paths.vault)).toEqual([])
})

test('a sign-in that a person declines, and one that another replaces, come to nothing', async () => {
  const issuer = await authorizationServer()
  const server = await protectedServer(() => issuer)
  const gateway = await gatewayFor(server.url)
  issuer.behave({
    back: (usual) =>
      new URLSearchParams({ error: 'access_denied', state: usual.get('state') ?? '', iss: issuer.issuer }),
  })
  expect(await signIn(gateway)).toMatchObject({ state: 'signed_out', problem: expect.stringContaining('declined') })
  issuer.behave({})
  const first = await begin(gateway)
  await signIn(gateway)
  expect((await over(gateway)).state).toBe('signed_in')
  await expect(fetch(new URL(first).searchParams.get('redirect_uri') ?? '')).rejects.toThrow()
  expect(signInEvents(gateway).filter((event) => event === 'sign_in_failed')).toHaveLength(2)
})
