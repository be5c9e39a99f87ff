import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../src-main/host/clock.ts'
import { instancePaths } from '../../src-main/host/paths.ts'
import { testFolder } from '../fakes/folder.ts'
import { person, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

const rules = `version: v1
rules:
  - id: all
    match: { labels: { mcp.server: "*" } }
    decision: ALLOW
    accept_risk: 100
`
const secret = 'a query that nobody else may read'
const day = 86_400_000
let ahead = 0
const clock = { ...systemClock, now: () => systemClock.now() + ahead }
let gateway: TestGateway

afterEach(async () => {
  ahead = 0
  await gateway.close()
})

/** A gateway on a profile with these policy files, and a client of its server. */
async function begin(files: Record<string, string>, profile = join(testFolder(), 'profile')): Promise<RawClient> {
  const { policy } = instancePaths(profile)
  mkdirSync(policy, { recursive: true, mode: 0o700 })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(policy, name), text)
  gateway = await startGateway({ profile, ports: { clock } })
  await gateway.addServer('notes', 'notes-server')
  const client = gateway.connect('notes')
  await client.initialize()
  return client
}

/** The first record of a call of this tool that commits to its arguments. */
const recordOf = (tool: string) =>
  gateway
    .entries()
    .flatMap((entry) => (entry.kind === 'call' && entry.tool_name === tool && entry.arguments_hash ? [entry] : []))[0]
const read = async (call_id = '') =>
  gateway.core.handlers['activity.arguments']({ call_id, why: 'ticket 4711' }, person)
const reads = () =>
  gateway.entries().flatMap((entry) => (entry.kind === 'event' && entry.event === 'content.read' ? [entry.detail] : []))

/** Every byte of a profile, as text. */
function bytesOf(profile: string): string {
  return readdirSync(profile, { recursive: true, encoding: 'utf8' })
    .map((name) => join(profile, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('')
}

test('a tool file that says so keeps the arguments of its calls, sealed, and each reading is on record', async () => {
  const client = await begin({
    'rules.yaml': rules,
    'write.yaml': 'tool: notes.write_note\naudit: { log_full_query: true }\n',
  })
  expect((await client.call('write_note', { text: secret })).outcome).toBe('ok')
  expect((await client.call('read_note', { text: secret })).outcome).toBe('ok')
  const record = recordOf('write_note')
  const kept = await read(record?.call_id)
  expect(JSON.parse(kept.params)).toMatchObject({ name: 'write_note', arguments: { text: secret } })
  expect(kept.arguments_hash).toBe(record?.arguments_hash)
  expect(reads()).toMatchObject([{ call_id: record?.call_id, masked: false, why: 'ticket 4711' }])
  expect(bytesOf(gateway.profile)).not.toContain(secret)
  await expect(read(recordOf('read_note')?.call_id)).rejects.toThrow('are not kept')
  await expect(read('call_nobody')).rejects.toThrow('are not kept')
  expect(reads()).toHaveLength(1)
})

test('those of a refused call are kept too, and once destroyed in time nobody can tell what they were', async () => {
  const refusing = 'tool: notes.delete_note\nroles: [nobody]\naudit: { log_full_query: true }\n'
  const client = await begin({ 'rules.yaml': rules, 'delete.yaml': refusing })
  expect((await client.call('delete_note', { text: secret })).outcome).toBe('POLICY_DENIED')
  const record = recordOf('delete_note')
  expect(JSON.parse((await read(record?.call_id)).params)).toMatchObject({ arguments: { text: secret } })
  const { profile } = gateway
  await gateway.stop()
  ahead = 40 * day
  gateway = await startGateway({ profile, ports: { clock } })
  await expect(read(record?.call_id)).rejects.toThrow('not any more')
})
