import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { withNarrowRule } from '../../src-main/core/policy/narrow-rule.ts'
import { approver, person, startGateway, type TestGateway } from '../fakes/gateway.ts'
import type { RawClient } from '../fakes/raw-client.ts'

/** What was allowed again and again leads to a draft in which the rules that asked leave that out, and nothing more. */
const policy = `version: v1
rules:
  # Writes are looked at.
  - id: ask-writes
    match: { labels: { mcp.action: write } }
    when: args.text == 'x'
    decision: REQUIRE_APPROVAL
    level: 1
    constraints: { max_runtime_sec: 60 }
`

async function begin(text = policy): Promise<TestGateway> {
  const gateway = await startGateway({ policy: text, settings: { hold_sec: 3600 } })
  onTestFinished(() => gateway.close())
  await gateway.addServer('notes', 'notes-server')
  for (const folder of ['proj', 'other']) mkdirSync(join(gateway.folder, folder))
  return gateway
}

async function clientOf(gateway: TestGateway, name: string): Promise<{ id: string; client: RawClient }> {
  const { id } = await gateway.core.handlers['clients.issue']({ name }, person)
  const client = gateway.connect('notes', ['--entry', id])
  await client.initialize()
  return { id, client }
}

const at = (gateway: TestGateway, path: string) => ({ path: join(gateway.folder, path), text: 'x' })

async function allowed(gateway: TestGateway, client: RawClient, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const call = client.call('write_note', at(gateway, path))
    const { id, shown_hash } = await gateway.pending('write_note')
    await gateway.core.handlers['approvals.answer']({ id, answer: 'approve', shown_hash, reason: '' }, approver)
    expect((await call).outcome).toBe('ok')
  }
}

test('its draft lets those calls run within the bounds of the rule that asked, and still asks about all others', async () => {
  const gateway = await begin()
  const handlers = gateway.core.handlers
  const [{ id, client }, stranger] = [await clientOf(gateway, 'Editor'), await clientOf(gateway, 'Other')]
  await allowed(gateway, client, ['proj/1.md', 'proj/2.md', 'proj/3.md'])
  const asked = { client: id, server: 'notes', tool: 'write_note', policy: 'folder' as const }
  const { narrowed, added, files } = await handlers['policy.narrow'](asked, person)
  expect([narrowed, added]).toEqual([['ask-writes'], ['ask-writes-not-in-proj']])
  expect(files).toHaveLength(1)
  const [{ path: file, text } = { path: '', text: '' }] = files
  expect(text).toContain('# Writes are looked at.')
  const { hash } = (await handlers['policy.files']({}, person)).find(({ path }) => path === file) ?? { hash: '' }
  await handlers['policy.save']({ file, text, reason: 'less noise', expected_hash: hash }, person)
  // It loosens, so that it waits for a person like all that does.
  const { waiting } = await handlers['policy.show']({}, person)
  await handlers['policy.confirm']({ hash: waiting?.hash ?? '' }, approver)
  expect((await client.call('write_note', at(gateway, 'proj/4.md'))).outcome).toBe('ok')
  const ran = gateway.entries().findLast((entry) => entry.kind === 'call' && entry.state === 'decided')
  expect(ran).toMatchObject({ rule_ids: ['ask-writes-not-in-proj'], constraints: { max_runtime_sec: 60 } })
  // The rule never asked about this, and neither does its copy allow it: nothing does.
  expect((await client.call('write_note', { ...at(gateway, 'proj/8.md'), text: 'y' })).outcome).toBe('NO_RULE')
  expect((await client.call('write_note', { path: join(gateway.folder, 'proj/9.md') })).outcome).toBe('POLICY_ERROR')
  for (const [who, path] of [
    [client, 'other/5.md'],
    [client, 'proj/../other/6.md'],
    [stranger.client, 'proj/7.md'],
  ] as const) {
    const call = who.call('write_note', at(gateway, path))
    await gateway.answer(await gateway.pending('write_note'), 'deny')
    expect((await call).outcome).toBe('APPROVAL_DENIED')
  }
})

test('there is no draft for what was allowed too seldom, or where no rule of the policy asks', async () => {
  const gateway = await begin()
  const { id, client } = await clientOf(gateway, 'Editor')
  await allowed(gateway, client, ['proj/1.md', 'proj/2.md'])
  const asked = { client: id, server: 'notes', tool: 'write_note' }
  const narrow = async (source: object = { policy: 'folder' }) =>
    gateway.core.handlers['policy.narrow']({ ...asked, ...source } as never, person)
  await expect(narrow()).rejects.toThrow('nobody allowed this often enough')
  await allowed(gateway, client, ['proj/3.md'])
  // What was read of the record is used for a while.
  await expect
    .poll(
      () =>
        narrow()
          .then(() => 'drafted')
          .catch(String),
      { timeout: 15_000 },
    )
    .toBe('drafted')
  const other = { files: [{ path: 'rules.yaml', text: policy.replace('ask-writes', 'ask-more') }], on: 'folder' }
  await expect(narrow({ policy: { draft: other } })).rejects.toThrow('no rule of this policy asks')
  const high = { files: [{ path: 'rules.yaml', text: policy.replace('level: 1', 'level: 3') }], on: 'folder' }
  await expect(narrow({ policy: { draft: high } })).rejects.toThrow('of level 3 or more')
  const broken = { files: [{ path: 'rules.yaml', text: 'version: v1\nrules: 1\n' }], on: 'folder' }
  await expect(narrow({ policy: { draft: broken } })).rejects.toThrow('rules.yaml:2')
})

const kept = { client: 'c', tenant: null, server: "it's", tool: 't\nx', folder: 'C:\\a' }

const out = [
  String.raw`client.id == 'c' && client.identity == 'verified' && server.name == 'it\'s' && tool.name == 't\nx'`,
  String.raw`size(resource.paths) > 0 && resource.paths.all(p, p == 'C:\\a' || p.startsWith('C:\\a\\'))`,
  'size(resource.hosts) == 0 && size(resource.uris) == 0',
].join(' && ')

test.each([
  ['no condition', '', `!(${out})`, `(${out})`],
  [
    'one',
    "    when: args.text == 'x' || true\n",
    `(args.text == 'x' || true) && !(${out})`,
    `(args.text == 'x' || true) && (${out})`,
  ],
  ['a remark in it', '    when: |\n      true // so\n', `(true // so\n) && !(${out})`, `(true // so\n) && (${out})`],
])('a rule with %s leaves them out, and a copy of it behind it allows them', (_, when, leaves, allows) => {
  const bounds = { match: { labels: { 'mcp.action': 'write' } }, constraints: { max_runtime_sec: 5 } }
  const more = '    match: { labels: { mcp.action: write } }\n    constraints: { max_runtime_sec: 5 }\n'
  const text = `rules:\n  - id: a\n${when}${more}    decision: REQUIRE_APPROVAL\n  - id: b\n    decision: DENY\n`
  const found = withNarrowRule(text, 'a', kept, 'a-2') ?? ''
  expect((parse(found) as { rules: object[] }).rules).toEqual([
    { id: 'a', when: leaves, decision: 'REQUIRE_APPROVAL', ...bounds },
    { id: 'a-2', when: allows, decision: 'ALLOW_WITH_CONSTRAINTS', ...bounds },
    { id: 'b', decision: 'DENY' },
  ])
  // Once is enough.
  expect(withNarrowRule(found, 'a', kept, 'a-3')).toBeNull()
})

test('what is no rule of a rule file cannot be narrowed', () => {
  for (const text of ['rules:\n  - id: b\n', 'policies: []\n', 'a: &x 1\nrules: []\n', '[]'])
    expect(() => withNarrowRule(text, 'a', kept, 'b')).toThrow('`a` is no rule of a rule file')
})
