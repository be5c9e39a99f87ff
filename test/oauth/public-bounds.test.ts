import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Notification } from '../../src-main/core/ports.ts'
import { approver, simplePolicy, startGateway } from '../fakes/gateway.ts'
import { legacyClient, send } from '../fakes/http-client.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { callback, connected, postJson, registerClient } from '../fakes/oauth-client.ts'

const host = 'tools.example.com'
const settings = { public_origin: `https://${host}` }
const asked = { client_name: 'flood', redirect_uris: [callback] }

/** A gateway that a proxy makes reachable, whose time can be moved on. */
async function start() {
  const { clock, advance } = movedClock()
  let later = 0
  const told: Notification[] = []
  const gateway = await startGateway({
    ...{ policy: simplePolicy(), http: { port: 0 }, settings },
    ports: { clock: { ...clock, now: () => clock.now() + later }, notify: (it) => void told.push(it) },
  })
  onTestFinished(() => gateway.close())
  await gateway.addServer('notes', 'notes-server')
  const port = gateway.core.httpPort ?? 0
  return {
    ...{ gateway, port, told },
    advance(ms: number) {
      later += ms
      advance(ms)
    },
    list: () => gateway.core.handlers['consents.list']({}, approver),
  }
}

/** How many of some answers had each status. */
function counts(answers: readonly { status: number }[]): Record<number, number> {
  const found: Record<number, number> = {}
  for (const { status } of answers) found[status] = (found[status] ?? 0) + 1
  return found
}

test('strangers who register use up nothing of the apps here, nor the record', { timeout: 60_000 }, async () => {
  const { gateway, port, advance } = await start()
  const flood = (count: number, name = host) =>
    Promise.all(Array.from({ length: count }, () => postJson(port, '/oauth/register', asked, name)))
  expect(counts(await flood(40))).toEqual({ 201: 20, 429: 20 })
  expect((await postJson(port, '/oauth/register', asked)).status).toBe(201)
  for (let minute = 0; minute < 10; minute++) {
    advance(60_000)
    await flood(20)
  }
  advance(60_000)
  // Two hundred of the network wait for a yes by now: none is taken, and one of this machine is.
  expect(counts(await flood(1))).toEqual({ 429: 1 })
  expect(counts(await flood(1, `127.0.0.1:${port}`))).toEqual({ 201: 1 })
  const recorded = gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'oauth.registered')
  expect(recorded.length).toBe(2)
})

test('whoever tries which tenants there are leaves a trace, which strangers cannot make without end nor hide others in', async () => {
  const { gateway, port, advance } = await start()
  const events = (name: string) =>
    gateway.entries().flatMap((entry) => (entry.kind === 'event' && entry.event === name ? [entry.detail] : []))
  const far = await registerClient(port, { client_name: 'Far' }, host)
  const guess = async (client: typeof far, tenant: string) => {
    const { first } = await client.authorize({ tenant })
    expect(String(first.headers.location)).toContain('error=invalid_request')
  }
  for (let count = 0; count < 30; count++) await guess(far, `acme-${count}\u202e${'x'.repeat(200)}`)
  const near = await registerClient(port, { client_name: 'Near' })
  await guess(near, 'globex')
  const refused = events('oauth.refused')
  expect(refused.filter(({ public_origin }) => public_origin !== null).length).toBe(20)
  expect(refused[0]).toMatchObject({ client: far.id, app: 'Far', ...settings, why: 'no such tenant' })
  expect(refused[0]?.tenant).toMatch(/^acme-0\\u\{202e\}x+$/)
  expect(String(refused[0]?.tenant).length).toBe(80)
  expect(refused.at(-1)).toMatchObject({ client: near.id, app: 'Near', tenant: 'globex', public_origin: null })
  expect(events('oauth.refused_more')).toEqual([])
  advance(60_000)
  expect(events('oauth.refused_more')).toEqual([{ count: 10, within_sec: 60 }])
  await guess(far, 'initech')
  expect(events('oauth.refused').at(-1)).toMatchObject({ tenant: 'initech' })
  expect(events('oauth.asked')).toEqual([])
})

test('strangers who wait for an answer keep no app of this machine from asking, come after it, and are told of once', async () => {
  const { port, told, advance, list } = await start()
  let apps = 0
  for (; apps < 7; apps++) {
    const far = await registerClient(port, {}, host)
    for (let count = 0; count < 3; count++) await far.authorize()
  }
  expect((await list()).length).toBe(10)
  expect(told.length).toBe(1)
  const near = await registerClient(port)
  expect((await near.authorize()).place).toContain('/oauth/consent/')
  expect(told.length).toBe(2)
  expect((await list()).map(({ public_origin }) => public_origin)).toEqual([
    null,
    ...Array.from({ length: 10 }, () => settings.public_origin),
  ])
  advance(11 * 60_000)
  await (await registerClient(port, {}, host)).authorize()
  expect(told.length).toBe(3)
})

test('apps of this machine that wait keep nobody of the network from asking', async () => {
  const { port, list } = await start()
  for (let apps = 0; apps < 7; apps++) {
    const near = await registerClient(port)
    for (let count = 0; count < 3; count++) await near.authorize()
  }
  expect((await list()).length).toBe(20)
  const far = await registerClient(port, {}, host)
  expect((await far.authorize()).place).toContain('/oauth/consent/')
})

test('strangers who ask without end, for pages and with tokens that are none, keep nobody from renewing its access', {
  timeout: 60_000,
}, async () => {
  const { gateway, port } = await start()
  const far = await connected(gateway.core, port, { host })
  const near = await connected(gateway.core, port)
  const form = { host, 'content-type': 'application/x-www-form-urlencoded' }
  const body = `grant_type=refresh_token&client_id=${far.client.id}&refresh_token=${'A'.repeat(43)}`
  const floods = [
    () => send(port, 'GET', '/oauth/consent/none', { host }),
    () => send(port, 'POST', '/oauth/token', form, body),
  ]
  for (const flood of floods) {
    let refused = 0
    // As fast as it can: a minute's worth comes back within the minute.
    for (let round = 0; round < 100 && refused === 0; round++) {
      const found = counts(await Promise.all(Array.from({ length: 60 }, flood)))
      expect(Object.keys(found).filter((status) => !['400', '429'].includes(status))).toEqual([])
      refused += found[429] ?? 0
    }
    expect(refused).toBeGreaterThan(0)
  }
  expect((await far.client.refresh(far.tokens.refresh_token ?? '')).status).toBe(200)
  expect((await near.client.refresh(near.tokens.refresh_token ?? '')).status).toBe(200)
  expect((await send(port, 'GET', '/oauth/consent/none', {})).status).toBe(400)
  const registered = await registerClient(port)
  expect((await registered.authorize()).place).toContain('/oauth/consent/')
  const session = await legacyClient(port, far.tokens.access_token, 'notes', '2025-11-25', host)
  expect(session.first.status).toBe(200)
})

test('an app that renews its access without end has a bound of its own', { timeout: 60_000 }, async () => {
  const { gateway, port } = await start()
  const far = await connected(gateway.core, port, { host })
  const other = await connected(gateway.core, port, { host })
  const tries = await Promise.all(
    Array.from({ length: 150 }, () => far.client.post('/oauth/introspect', { token: far.tokens.access_token })),
  )
  expect(counts(tries)[429]).toBeGreaterThan(20)
  expect((await other.client.refresh(other.tokens.refresh_token ?? '')).status).toBe(200)
})

test('strangers who send slowly are cut off, the longest first, before they hold the connections of clients', {
  timeout: 60_000,
}, async () => {
  const { gateway, port } = await start()
  const far = await connected(gateway.core, port, { host })
  const near = await connected(gateway.core, port)
  const session = await legacyClient(port, near.tokens.access_token, 'notes')
  const paths = ['/oauth/token', '/mcp/notes', '/oauth/authorize']
  const sockets: Socket[] = []
  let cut = 0
  for (let count = 0; count < 600; count++) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.on('close', () => cut++)
    socket.resume()
    const path = paths[count % paths.length]
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\nslow`,
    )
    sockets.push(socket)
  }
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  await expect.poll(() => cut, { timeout: 20_000 }).toBe(500)
  expect(sockets.slice(0, 500).every(({ destroyed }) => destroyed)).toBe(true)
  expect((await far.client.refresh(far.tokens.refresh_token ?? '')).status).toBe(200)
  expect((await session.post('{"jsonrpc":"2.0","id":1,"method":"ping"}')).status).toBe(200)
  expect((await near.client.refresh(near.tokens.refresh_token ?? '')).status).toBe(200)
})

test('a proxy that keeps its connections loses none of them to callers who come and go', async () => {
  const { port } = await start()
  const agent = new Agent({ keepAlive: true, maxSockets: 2 })
  onTestFinished(() => agent.destroy())
  const sockets = new Set<unknown>()
  agent.on('free', (socket) => sockets.add(socket))
  const headers = { host, 'content-type': 'application/json' }
  for (let count = 0; count < 150; count++) {
    const door = send(port, 'POST', '/mcp/notes', headers, '{}', agent)
    const page = send(port, 'GET', '/.well-known/oauth-authorization-server', { host }, undefined, agent)
    expect([(await door).status, (await page).status]).toEqual([401, 200])
  }
  expect(sockets.size).toBe(2)
})
