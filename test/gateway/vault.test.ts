import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { canonicalJson } from '../../src-main/core/audit/canonical.ts'
import { person, simplePolicy, startGateway } from '../fakes/gateway.ts'
import { scriptedServer } from '../fakes/remote-server.ts'

const hashOf = (value: unknown) => createHash('sha256').update(canonicalJson(value)).digest('hex')
const values = { header: 'Bearer value-of-a-header', variable: 'value-of-a-variable' }

function databaseFiles(profile: string): string {
  return readdirSync(profile)
    .filter((file) => file.startsWith('toolgate.db'))
    .map((file) => readFileSync(join(profile, file), 'latin1'))
    .join('\n')
}

test('values of headers and variables reach their server, and lie nowhere but in the vault', async () => {
  const gateway = await startGateway({ policy: simplePolicy() })
  onTestFinished(() => gateway.close())
  const server = await scriptedServer()
  await gateway.addRemote('far', server.url, { authorization: values.header })
  await gateway.addServer('notes', 'notes-server', { SOME_KEY: values.variable })
  const client = gateway.connect('far')
  await client.initialize()
  expect((await client.call('read_script', {})).outcome).toBe('ok')
  expect(server.of('tools/call')[0]?.headers.authorization).toBe(values.header)
  const views = await gateway.core.handlers['servers.list']({}, person)
  const all = [databaseFiles(gateway.profile), JSON.stringify(gateway.entries()), JSON.stringify(views)]
  for (const text of all) expect(text).not.toMatch(/value-of-a/)
})

test('a profile from before there was a vault keeps its approvals, and its database the values no longer', async () => {
  const server = await scriptedServer()
  const gateway = await startGateway({ policy: simplePolicy() })
  onTestFinished(() => gateway.close())
  await gateway.addRemote('far', server.url, { authorization: values.header })
  await gateway.addRemote('moved', server.url, { authorization: values.header })
  await gateway.stop()

  // The database as the version before this one left it.
  const db = new Database(gateway.paths.database)
  const launch = { transport: 'http', url: server.url, headers: { authorization: values.header }, reach: 'loopback' }
  for (const [name, approved] of [
    ['far', launch],
    ['moved', { ...launch, headers: { authorization: 'Bearer another' } }],
  ] as const) {
    const row = db.prepare<[string], { body: string }>('SELECT body FROM servers WHERE name = ?').get(name)
    const { sealed, ...before } = JSON.parse(row?.body ?? '')
    expect(sealed).toBe(true)
    const body = JSON.stringify({ ...before, launch, approved_launch: hashOf(approved) })
    db.prepare('UPDATE servers SET body = ? WHERE name = ?').run(body, name)
  }
  db.close()
  rmSync(gateway.paths.vault, { recursive: true })
  expect(databaseFiles(gateway.profile)).toContain('value-of-a-header')

  const later = await startGateway({ profile: gateway.profile })
  onTestFinished(() => later.close())
  const states = (await later.core.handlers['servers.list']({}, person)).map(({ name, state }) => [name, state])
  expect(states).toEqual([
    ['far', 'approved'],
    ['moved', 'changed'],
  ])
  expect(databaseFiles(gateway.profile)).not.toContain('value-of-a-header')
  const client = later.connect('far')
  await client.initialize()
  expect((await client.call('read_script', {})).outcome).toBe('ok')
  expect(server.got.at(-1)?.headers.authorization).toBe(values.header)
})

test('without the key of the vault a server is not started, and its client hears why', async () => {
  const server = await scriptedServer()
  const gateway = await startGateway({ policy: simplePolicy() })
  onTestFinished(() => gateway.close())
  await gateway.addRemote('far', server.url, { 'x-key': values.header })
  await gateway.stop()
  rmSync(join(gateway.paths.keys, 'vault-key'))
  const later = await startGateway({ profile: gateway.profile })
  onTestFinished(() => later.close())
  const before = server.got.length
  const client = later.connect('far')
  expect(await client.request('initialize', {})).toMatchObject({ error: { data: { code: 'VAULT_UNREADABLE' } } })
  expect(server.got.length).toBe(before)
  expect(later.problems.join()).toContain('its key is gone')
})
