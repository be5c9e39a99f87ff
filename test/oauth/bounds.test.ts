import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src-main/core/store/database.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { testFolder } from '../fakes/folder.ts'
import { approver, person, simplePolicy, startGateway } from '../fakes/gateway.ts'
import { legacyClient, send } from '../fakes/http-client.ts'
import { answerConsent, callback, connected, postJson, registerClient } from '../fakes/oauth-client.ts'

/** A gateway whose time can be moved on. `still`: what is used up of a bound comes back by that alone, however slow this machine is. */
async function start({ still = false } = {}) {
  let later = 0
  const clock = {
    ...systemClock,
    now: () => systemClock.now() + later,
    monotonic: () => (still ? 0 : systemClock.monotonic()) + later,
  }
  const logged: string[] = []
  const note = (message: string, fields?: object) => logged.push(`${message} ${JSON.stringify(fields ?? {})}`)
  const gateway = await startGateway({
    policy: simplePolicy(),
    http: { port: 0 },
    ports: { clock, log: { info: note, warn: note, error: note } },
  })
  onTestFinished(() => gateway.close())
  await gateway.addServer('notes', 'notes-server')
  const port = gateway.core.httpPort ?? 0
  return { gateway, port, logged, advance: (ms: number) => (later += ms) }
}

const asked = { client_name: 'flood', redirect_uris: [callback] }

test('a flood of registrations is slowed down, bounded, forgotten, and leaves those that were let in', {
  timeout: 60_000,
}, async () => {
  const { gateway, port, advance } = await start({ still: true })
  const { client, tokens } = await connected(gateway.core, port)
  const first = await Promise.all(Array.from({ length: 40 }, () => postJson(port, '/oauth/register', asked)))
  const statuses = first.map(({ status }) => status)
  expect(statuses.filter((status) => status === 201).length).toBe(19)
  expect(statuses.filter((status) => status === 429).length).toBe(21)
  expect(first.find(({ status }) => status === 429)?.headers['retry-after']).toBe('60')
  for (let minute = 0; minute < 12; minute++) {
    advance(60_000)
    await Promise.all(Array.from({ length: 20 }, () => postJson(port, '/oauth/register', asked)))
  }
  advance(60_000)
  // Two hundred wait for a yes by now: however slowly, no more are taken before some are over.
  expect((await postJson(port, '/oauth/register', asked)).status).toBe(429)
  advance(61 * 60_000)
  expect((await postJson(port, '/oauth/register', asked)).status).toBe(201)
  expect((await client.refresh(tokens.refresh_token ?? '')).status).toBe(200)
  // Nobody was asked to look at any of it, and no entry was made.
  expect((await gateway.core.handlers['clients.list']({}, person)).length).toBe(1)
})

test('a registration that nobody confirmed leaves nothing behind, and one that was confirmed keeps what it changes itself with', async () => {
  const { gateway, port, advance } = await start()
  const { client } = await connected(gateway.core, port)
  for (let day = 0; day < 3; day++) {
    for (let count = 0; count < 5; count++) await registerClient(port)
    advance(24 * 60 * 60_000)
  }
  const last = await registerClient(port)
  const db = openDatabase(gateway.paths.database)
  onTestFinished(() => void db.close())
  const kept = db
    .prepare('SELECT model, client FROM oauth_records WHERE client IS NOT NULL ORDER BY model, client')
    .all()
  const clients = [client.id, last.id].sort()
  expect((kept as { model: string }[]).filter(({ model }) => /Client|Registration/.test(model))).toEqual([
    ...clients.map((id) => ({ model: 'Client', client: id })),
    ...clients.map((id) => ({ model: 'RegistrationAccessToken', client: id })),
  ])
  const authorization = `Bearer ${client.metadata.registration_access_token}`
  expect((await send(port, 'GET', `/oauth/register/${client.id}`, { authorization })).status).toBe(200)
})

test('an app cannot fill the list of what waits, nor can many', async () => {
  const { gateway, port, advance } = await start()
  const list = () => gateway.core.handlers['consents.list']({}, approver)
  const client = await registerClient(port)
  for (let count = 0; count < 3; count++) expect((await client.authorize()).place).toContain('/oauth/consent/')
  expect((await client.authorize()).first.headers.location).toContain('error=temporarily_unavailable')
  expect((await list()).length).toBe(3)
  for (let app = 0; app < 9; app++) {
    const other = await registerClient(port)
    for (let count = 0; count < 3; count++) await other.authorize()
  }
  expect((await list()).length).toBe(20)
  advance(10 * 60_000 + 1)
  expect(await list()).toEqual([])
  expect((await client.authorize()).place).toContain('/oauth/consent/')
})

test('tokens end by themselves: an access token after a quarter of an hour, a yes for once after the hour', async () => {
  const { gateway, port, advance } = await start()
  const lasting = await connected(gateway.core, port)
  const once = await connected(gateway.core, port, { answer: 'once' })
  const status = async (token: string) => (await legacyClient(port, token, 'notes')).first.status
  advance(14 * 60_000)
  expect([await status(lasting.tokens.access_token), await status(once.tokens.access_token)]).toEqual([200, 200])
  advance(2 * 60_000)
  expect([await status(lasting.tokens.access_token), await status(once.tokens.access_token)]).toEqual([401, 200])
  const given = async (client: string) =>
    (await gateway.core.handlers['consents.given']({ client }, approver)).flatMap(({ consents }) =>
      consents.map(({ lasting, active }) => [lasting, active]),
    )
  expect([await given(once.client.id), await given(lasting.client.id)]).toEqual([[[false, true]], [[true, true]]])
  advance(45 * 60_000)
  expect(await status(once.tokens.access_token)).toBe(401)
  expect([await given(once.client.id), await given(lasting.client.id)]).toEqual([[[false, false]], [[true, true]]])
  expect((await lasting.client.refresh(lasting.tokens.refresh_token ?? '')).status).toBe(200)
})

test('nobody answers: the app is told, and a late answer is none', async () => {
  const { gateway, port, advance } = await start()
  const client = await registerClient(port)
  await client.authorize()
  const id = (await gateway.core.handlers['consents.list']({}, approver))[0]?.id ?? ''
  const { view, ticket } = await gateway.core.handlers['consents.show']({ id }, approver)
  advance(10 * 60_000 + 1)
  const late = { id, answer: 'always' as const, shown_hash: view.shown_hash, ticket }
  expect(() => gateway.core.handlers['consents.answer'](late, approver)).toThrow(/no longer waits/)
})

test('no token, code or secret lies in the profile, the record or the log, as bytes', async () => {
  const { gateway, port, logged } = await start()
  const { client, tokens, code, verifier } = await connected(gateway.core, port)
  const second = JSON.parse((await client.refresh(tokens.refresh_token ?? '')).body)
  const session = await legacyClient(port, second.access_token, 'notes')
  await session.call('read_note')
  await client.introspect(second.access_token)
  const pending = await client.authorize()
  const cookies = pending.browser.jar.map(({ value }) => value)
  await answerConsent(gateway.core, 'once')
  const unused = (await pending.finish()).searchParams.get('code') ?? ''
  const secrets = [
    ...[tokens.access_token, tokens.refresh_token ?? '', second.access_token, second.refresh_token, code, unused],
    ...[verifier, pending.verifier, String(client.metadata.registration_access_token), ...cookies],
  ]
  expect(secrets.length).toBeGreaterThanOrEqual(11)
  expect(secrets.every((secret) => secret.length >= 21)).toBe(true)
  const files = readdirSync(gateway.profile, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const bytes = Buffer.concat(files.map((entry) => readFileSync(join(entry.parentPath, entry.name))))
  const said = JSON.stringify([gateway.entries(), await gateway.core.handlers['clients.list']({}, person), logged])
  for (const secret of secrets) expect([bytes.includes(secret), said.includes(secret)]).toEqual([false, false])
  // What is searched for is found where it lies.
  expect([bytes.includes(client.id), said.includes(client.id)]).toEqual([true, true])
})

test('a restart changes nothing for an app that was let in; a request that waited is over', async () => {
  const folder = testFolder()
  const at = { policy: simplePolicy(), profile: join(folder, 'profile') }
  const first = await startGateway({ ...at, http: { port: 0 } })
  await first.addServer('notes', 'notes-server')
  const port = first.core.httpPort ?? 0
  const { client, tokens } = await connected(first.core, port)
  const waiting = await client.authorize()
  await first.stop()

  const second = await startGateway({ ...at, http: { port } })
  onTestFinished(() => second.stop())
  expect((await legacyClient(port, tokens.access_token, 'notes')).first.status).toBe(200)
  expect((await client.refresh(tokens.refresh_token ?? '')).status).toBe(200)
  expect(await second.core.handlers['consents.list']({}, approver)).toEqual([])
  expect((await waiting.browser.get(waiting.place)).status).toBe(400)
})
