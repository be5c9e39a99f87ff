import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { readSettingsAgain } from '../../src-main/host/settings.ts'
import { putAccess } from '../fakes/access-file.ts'
import { allowTool } from '../fakes/allow-tool.ts'
import { testFolder } from '../fakes/folder.ts'
import { approver, person, simplePolicy, startGateway } from '../fakes/gateway.ts'
import { bothForms, legacyClient, send } from '../fakes/http-client.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { answerConsent, connected, registerClient } from '../fakes/oauth-client.ts'

const host = 'tools.example.com'
const other = 'other.example.com'
const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}'

/** A gateway whose settings lie in their file, which it follows. */
async function start(first: object) {
  const { clock, advance } = movedClock()
  const profile = join(testFolder(), 'profile')
  const begin = async (settings: object) => {
    const gateway = await startGateway({
      ...{ policy: simplePolicy(), http: { port: 0 }, profile, ports: { clock }, follow: readSettingsAgain },
      settings,
    })
    onTestFinished(() => gateway.stop())
    return gateway
  }
  const gateway = await begin(first)
  await gateway.addServer('notes', 'notes-server')
  const port = gateway.core.httpPort ?? 0
  return {
    ...{ gateway, port, begin, advance },
    /** Writes the file, and waits until what it says holds. */
    async set(origin: string | null) {
      writeFileSync(gateway.paths.settings, JSON.stringify({ public_origin: origin }))
      const told = origin === null ? null : `${origin}/mcp/<server>`
      await expect
        .poll(async () => {
          advance(2_000)
          return (await gateway.core.handlers.status({}, person)).http_public
        })
        .toBe(told)
    },
    list: () => gateway.core.handlers['consents.list']({}, approver),
    async door(token: string, name: string) {
      const headers = { host: name, 'content-type': 'application/json', accept: bothForms }
      return (await send(port, 'POST', '/mcp/notes', { ...headers, authorization: `Bearer ${token}` }, ping)).status
    },
  }
}

test.each([
  ['taken away', null],
  ['another', `https://${other}`],
])('once the public origin is %s, all that came by the one before is over at once, and for good', async (_, next) => {
  const { gateway, port, set, list, door } = await start({ public_origin: `https://${host}` })
  const far = await connected(gateway.core, port, { host })
  const near = await connected(gateway.core, port)
  const session = await legacyClient(port, far.tokens.access_token, 'notes', '2025-11-25', host)
  const stream = await session.listen()
  const stays = await legacyClient(port, near.tokens.access_token, 'notes')
  const staysOpen = await stays.listen()
  const waits = await (await registerClient(port, {}, host)).authorize()
  const held = waits.browser.get(`${waits.place}/wait`)
  const answered = await (await registerClient(port, {}, host)).authorize()
  await answerConsent(gateway.core, 'always')
  const nearWaits = await (await registerClient(port)).authorize()
  expect((await list()).length).toBe(2)

  await set(next)
  await expect.poll(() => stream.ended()).toBe(true)
  expect((await held).status).toBe(200)
  expect(await list()).toMatchObject([{ public_origin: null }])
  const names = next === null ? [host] : [host, other]
  for (const name of [...names, `127.0.0.1:${port}`]) {
    expect(await door(far.tokens.access_token, name)).toBe(name === host ? 403 : 401)
  }
  const clients = await gateway.core.handlers['clients.list']({}, person)
  expect(clients.find(({ id }) => id === far.client.id)).toMatchObject({ revoked: true })
  const revoked = gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'client.revoked')
  expect(revoked).toMatchObject([{ detail: { client: far.client.id, public_origin: `https://${host}` } }])

  // What is of this machine goes on.
  expect(await door(near.tokens.access_token, `127.0.0.1:${port}`)).toBe(400)
  expect((await stays.post(ping)).status).toBe(200)
  expect(staysOpen.ended()).toBe(false)
  expect((await near.client.refresh(near.tokens.refresh_token ?? '')).status).toBe(200)
  expect((await nearWaits.browser.get(nearWaits.place)).status).toBe(200)

  // It comes back, and nothing of before does: no token, no registration, no answer that was given meanwhile.
  await set(`https://${host}`)
  expect(await door(far.tokens.access_token, host)).toBe(401)
  expect((await far.client.refresh(far.tokens.refresh_token ?? '')).status).toBe(401)
  expect((await answered.browser.get(answered.place)).status).toBe(400)
  expect((await far.client.authorize()).first.status).toBe(400)
  const anew = await connected(gateway.core, port, { host })
  expect(await door(anew.tokens.access_token, host)).toBe(400)
})

/** What stands in the way of a write, as SQLite knows it, until the test ends. */
function hinder(database: string, trigger: string): void {
  const db = new Database(database)
  db.exec(`CREATE TRIGGER hindrance BEFORE ${trigger} BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
  db.close()
}

test('that a client is turned out is on record before it is', async () => {
  const { gateway, port, set } = await start({ public_origin: `https://${host}` })
  for (let apps = 0; apps < 2; apps++) await connected(gateway.core, port, { host })
  hinder(
    gateway.paths.database,
    `UPDATE OF revoked ON clients WHEN NOT EXISTS
       (SELECT 1 FROM audit_entries WHERE state = 'client.revoked' AND instr(body, NEW.id) > 0)`,
  )
  await set(null)
  const clients = await gateway.core.handlers['clients.list']({}, person)
  expect(clients.map(({ revoked }) => revoked)).toEqual([true, true])
  expect(gateway.problems).toEqual([])
})

test('all are turned out also where that cannot be recorded, and the log says so', async () => {
  const { gateway, port, set, door } = await start({ public_origin: `https://${host}` })
  const apps = [await connected(gateway.core, port, { host }), await connected(gateway.core, port, { host })]
  const session = await legacyClient(port, apps[1]?.tokens.access_token ?? '', 'notes', '2025-11-25', host)
  const stream = await session.listen()
  hinder(gateway.paths.database, `INSERT ON audit_entries WHEN NEW.state = 'client.revoked'`)
  await set(null)
  await expect.poll(() => stream.ended()).toBe(true)
  const clients = await gateway.core.handlers['clients.list']({}, person)
  expect(clients.map(({ revoked }) => revoked)).toEqual([true, true])
  expect(gateway.problems.filter((line) => line.includes('not turned out in order')).length).toBe(2)
  await set(`https://${host}`)
  for (const { tokens } of apps) expect(await door(tokens.access_token, host)).toBe(401)
})

test('what was allowed to a client for longer is over with its origin', async () => {
  const { gateway, port, set } = await start({ public_origin: `https://${host}` })
  const { client, tokens } = await connected(gateway.core, port, { host })
  await putAccess(gateway, `version: v1\nbindings: [{ policy: mcp.full_internal, clients: [${client.id}] }]\n`)
  const session = await legacyClient(port, tokens.access_token, 'notes', '2025-11-25', host)
  const call = session.call('write_note', { text: 'a' })
  await allowTool(gateway, await gateway.pending('write_note'))
  expect((await call).outcome).toBe('ok')
  await set(null)
  expect(await gateway.core.handlers['grants.list']({ all: true }, person)).toMatchObject([
    { client: { id: client.id }, state: 'revoked' },
  ])
})

test('a mistake in the file ends nothing, and is said', async () => {
  const { gateway, port, advance, door } = await start({ public_origin: `https://${host}` })
  const far = await connected(gateway.core, port, { host })
  const problem = async () => (await gateway.core.handlers['settings.show']({}, person)).problem
  writeFileSync(gateway.paths.settings, '{"public_origin":"https://tools.example.com/"}')
  await expect
    .poll(() => {
      advance(2_000)
      return problem()
    })
    .toContain('write it as `https://tools.example.com`, and nothing more')
  expect(await door(far.tokens.access_token, host)).toBe(400)
})

test('a file that is gone for a while ends nothing, and is said; what it says once it is back holds', async () => {
  const { gateway, port, advance, set, door } = await start({ public_origin: `https://${host}` })
  await set(`https://${host}`)
  const far = await connected(gateway.core, port, { host })
  const problem = async () => {
    advance(2_000)
    return (await gateway.core.handlers['settings.show']({}, person)).problem
  }
  rmSync(gateway.paths.settings)
  await expect.poll(problem).toContain('is gone')
  expect(gateway.problems.filter((line) => line.includes('what was in force stays')).length).toBe(1)
  expect(await door(far.tokens.access_token, host)).toBe(400)
  writeFileSync(gateway.paths.settings, JSON.stringify({ public_origin: `https://${host}` }))
  await expect.poll(problem).toBe(null)
  expect(await door(far.tokens.access_token, host)).toBe(400)
  // That there is none says who writes so.
  writeFileSync(gateway.paths.settings, '{}')
  await expect
    .poll(() => {
      advance(2_000)
      return door(far.tokens.access_token, host)
    })
    .toBe(403)
})

test('it was changed while no gateway ran: what came by the one before is over with the start; with the same one it is not', async () => {
  const first = await start({ public_origin: `https://${host}` })
  const far = await connected(first.gateway.core, first.port, { host })
  await first.gateway.stop()
  const open = async (settings: object, name: string) => {
    const gateway = await first.begin(settings)
    const port = gateway.core.httpPort ?? 0
    const headers = { host: name, 'content-type': 'application/json', accept: bothForms }
    const authorization = `Bearer ${far.tokens.access_token}`
    const { status } = await send(port, 'POST', '/mcp/notes', { ...headers, authorization }, ping)
    await gateway.stop()
    return status
  }
  expect(await open({ public_origin: `https://${host}` }, host)).toBe(400)
  expect(await open({ public_origin: `https://${other}` }, other)).toBe(401)
  expect(await open({ public_origin: `https://${host}` }, host)).toBe(401)
})
