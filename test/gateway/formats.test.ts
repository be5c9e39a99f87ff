import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { instancePaths } from '../../src-main/host/paths.ts'
import { person, startGateway, type TestGateway } from '../fakes/gateway.ts'

/** Each format as files in the policy folder of a real gateway, with a real server behind it. */
let gateway: TestGateway
let profile: string

async function begin(files: Record<string, string>) {
  profile = join(realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-'))), 'profile')
  const { policy } = instancePaths(profile)
  mkdirSync(policy, { recursive: true, mode: 0o700 })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(policy, name), text)
  gateway = await startGateway({ profile })
  await gateway.addServer('notes', 'notes-server', { NOTES_LOG: join(gateway.folder, 'calls.log') })
  const client = gateway.connect('notes')
  await client.initialize()
  return client
}

afterEach(async () => {
  await gateway.close()
  rmSync(join(profile, '..'), { recursive: true, force: true })
})

const allowAll = 'version: v1\nrules: [{ id: all, match: { labels: { mcp.server: "*" } }, decision: ALLOW }]\n'
const roles = (...names: string[]) => `version: v1\nuser_roles: [${names.join(', ')}]\n`

test('a per-tool file lets its roles in and keeps others out, until its review is due', async () => {
  const client = await begin({
    'all.yaml': allowAll,
    'roles.yaml': roles('editor'),
    'read.yaml': 'tool: notes.read_note\nroles: [editor]\nconstraints: { max_runtime_sec: 9 }',
    'write.yaml': 'tool: notes.write_note\nroles: [owner]',
    'delete.yaml': 'tool: notes.delete_note\nreview: { next_review: 2020-01-31, owner: ada }',
  })
  expect((await client.call('read_note')).outcome).toBe('ok')
  const other = await client.call('write_note')
  expect(other.outcome).toBe('POLICY_DENIED')
  expect(other.text).toContain('the tool is only for the roles `owner`')
  expect((await client.call('delete_note')).text).toContain('the review of this tool was due on 2020-01-31')
  const decided = gateway.entries().find((entry) => entry.kind === 'call' && entry.tool_name === 'read_note')
  expect(decided).toMatchObject({ policy_decision: 'ALLOW_WITH_CONSTRAINTS' })
})

test('an address that a pattern policy denies is denied in all its spellings', async () => {
  const policy = { policy_name: 'Not there', resource_patterns: ['https://evil.example/*'], action: 'DENY' }
  const client = await begin({ 'all.yaml': allowAll, 'there.json': JSON.stringify(policy) })
  const spelled = [
    'https://evil.example/x',
    'HTTPS://evil.example/x',
    'https://EVIL.example',
    'https://evil.example:443/x',
  ]
  spelled.push(
    'https://u@evil.example/x',
    'https://evil.example./x',
    'https:/evil.example/x',
    'get https://evil.example.',
  )
  for (const text of spelled) {
    expect([text, (await client.call('read_note', { text })).outcome]).toEqual([text, 'POLICY_DENIED'])
  }
  expect((await client.call('read_note', { text: 'https://good.example/x' })).outcome).toBe('ok')
})

test('a pattern policy as it is posted over REST denies what it names', async () => {
  const policy = {
    policy_name: 'No secrets',
    server_patterns: ['*'],
    verb_patterns: ['read_*', 'write_*'],
    resource_patterns: ['*.env', '*/secrets/*'],
    risk_threshold: 90,
    action: 'DENY',
    required_approval_level: 5,
  }
  const client = await begin({ 'all.yaml': allowAll, 'secrets.json': JSON.stringify(policy, null, '\t') })
  expect((await client.call('read_note', { path: '/srv/notes/today.md' })).outcome).toBe('ok')
  const denied = await client.call('read_note', { path: '/srv/notes/../app/.env' })
  expect(denied.outcome).toBe('POLICY_DENIED')
  expect(denied.text).toContain('No secrets')
})

test('access policies say what a role may use, and what it may not is absent from the lists', async () => {
  const client = await begin({
    'all.yaml': allowAll,
    'access.yaml': `version: v1
user_roles: [reader]
access_policies: [{ id: readers, allow: { prefixes: [notes.read_] } }]
bindings: [{ policy: readers, roles: [reader] }]`,
  })
  expect((await client.call('read_note')).outcome).toBe('ok')
  const denied = await client.call('write_note')
  expect(denied.outcome).toBe('ACCESS_DENIED')
  expect(denied.text).toContain('`readers` does not list this tool')
  const { tools } = (await client.request('tools/list')).result as { tools: { name: string }[] }
  expect(tools.map(({ name }) => name)).toEqual(['read_note'])
  const { access } = await gateway.core.handlers['policy.show']({}, person)
  const readers = { id: 'readers', origin: 'local', file: 'access.yaml', line: 3, archived: false }
  expect(access[0]).toEqual({
    ...{ ...readers, summary: 'allows names that begin with notes.read_', clients: [], roles: ['reader'] },
  })
  expect(access.slice(1).map(({ id, origin }) => [id, origin])).toEqual(
    ['mcp.empty', 'mcp.full_internal', 'mcp.read_only', 'local.default'].map((id) => [id, 'built_in']),
  )
})

test('a role that somebody gives himself waits for a person', async () => {
  const client = await begin({ 'all.yaml': allowAll, 'read.yaml': 'tool: notes.read_note\nroles: [editor]' })
  expect((await client.call('read_note')).outcome).toBe('POLICY_DENIED')
  writeFileSync(join(gateway.paths.policy, 'roles.yaml'), roles('editor'))
  const show = () => gateway.core.handlers['policy.show']({}, person)
  let view = await show()
  while (view.waiting === null) {
    await new Promise(setImmediate)
    view = await show()
  }
  expect(view.waiting.changes).toEqual(['loosens: the user has the roles editor where it had no role'])
  expect((await client.call('read_note')).outcome).toBe('POLICY_DENIED')
  await gateway.core.handlers['policy.confirm']({ hash: view.waiting.hash }, person)
  expect((await client.call('read_note')).outcome).toBe('ok')
})

test('a condition that names an argument that its tool does not have changes nothing, and says where', async () => {
  const client = await begin({ 'all.yaml': allowAll })
  expect((await client.call('read_note')).outcome).toBe('ok')
  writeFileSync(
    join(gateway.paths.policy, 'slip.yaml'),
    'version: v1\nrules:\n  - id: slip\n    match: { labels: { mcp.server: notes, mcp.tool: read_note } }\n    decision: DENY\n    when: args.txt == "x"\n',
  )
  const show = () => gateway.core.handlers['policy.show']({}, person)
  let view = await show()
  while (view.problems.length === 0) {
    await new Promise(setImmediate)
    view = await show()
  }
  expect(view.problems).toMatchObject([{ file: 'slip.yaml', line: 6, column: 16, suggestion: 'did you mean `text`?' }])
  expect((await client.call('read_note')).outcome).toBe('ok')
})
