import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ClientAccess } from '../../shared/client-access.ts'
import { instancePaths } from '../../src-main/host/paths.ts'
import { approver, person, startGateway, type TestGateway } from '../fakes/gateway.ts'

/**
 * What is said of a client's access is what its lists show and what its calls get: the same policy folder, a real server, a real
 * client with an entry of its own.
 */
let gateway: TestGateway
let profile: string

const rules = `version: v1
rules:
  - { id: reads, match: { labels: { mcp.action: read } }, decision: ALLOW }
  - { id: writes, match: { labels: { mcp.action: write } }, decision: REQUIRE_APPROVAL, level: 2 }
  - { id: deletes, match: { labels: { mcp.action: destructive } }, decision: DENY, reason: nothing is deleted }
`

async function begin(files: Record<string, string>) {
  profile = join(realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-'))), 'profile')
  const { policy } = instancePaths(profile)
  mkdirSync(policy, { recursive: true, mode: 0o700 })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(policy, name), text)
  gateway = await startGateway({ profile })
  await gateway.addServer('notes', 'notes-server', { NOTES_LOG: join(gateway.folder, 'calls.log') })
  const { id } = await gateway.core.handlers['clients.issue']({ name: 'editor' }, person)
  const client = gateway.connect('notes', ['--entry', id])
  await client.initialize()
  const access = () => gateway.core.handlers['clients.access']({ id }, person) as Promise<ClientAccess>
  const listed = async () => {
    const { tools } = (await client.request('tools/list')).result as { tools: { name: string }[] }
    return tools.map(({ name }) => name).sort()
  }
  return { id, client, access, listed }
}

afterEach(async () => {
  await gateway.close()
  rmSync(join(profile, '..'), { recursive: true, force: true })
})

/** What is listed is what is not denied. */
function usable({ tools }: ClientAccess): string[] {
  return tools
    .filter(({ access }) => access !== 'denied')
    .map(({ tool }) => tool)
    .sort()
}

function words({ tools }: ClientAccess): Record<string, string> {
  return Object.fromEntries(tools.map(({ tool, access }) => [tool, access]))
}

async function waiting() {
  for (;;) {
    const view = await gateway.core.handlers['policy.show']({}, person)
    if (view.waiting) return view.waiting
    await new Promise(setImmediate)
  }
}

async function inForce(before: string | null) {
  for (;;) {
    const view = await gateway.core.handlers['policy.show']({}, person)
    if (view.snapshot !== before) return
    await new Promise(setImmediate)
  }
}

test('a client of this machine that nothing binds may what rules let it, each tool with its reason', async () => {
  const { id, client, access, listed } = await begin({ 'rules.yaml': rules })
  const found = await access()
  expect(found).toMatchObject({
    ...{ id, name: 'editor' },
    policies: [{ id: 'local.default', origin: 'built_in', by: 'unbound' }],
  })
  expect(words(found)).toMatchObject({ read_note: 'allowed', write_note: 'asks', delete_note: 'denied' })
  const { counts, tools } = found
  expect(counts.allowed + counts.asks + counts.depends + counts.denied).toBe(counts.tools)
  expect(counts.tools).toBe(tools.length)
  expect(tools.find(({ tool }) => tool === 'write_note')).toMatchObject({
    level: 2,
    rules: ['writes'],
    action: 'write',
  })
  expect(tools.find(({ tool }) => tool === 'delete_note')?.why).toContain('nothing is deleted')
  expect(await listed()).toEqual(usable(found))
  expect((await client.call('read_note')).outcome).toBe('ok')
  expect((await client.call('delete_note')).outcome).toBe('POLICY_DENIED')
})

test('after binding it has exactly what was bound, after tightening less, at once', async () => {
  const bound = (more: string) =>
    `version: v1\naccess_policies: [{ id: readers, description: reading, allow: { prefixes: [notes.] }${more} }]\nbindings: [{ policy: readers, clients: [editor] }]\n`
  const { client, access, listed } = await begin({ 'rules.yaml': rules, 'access.yaml': bound('') })
  const before = await access()
  expect(before.policies).toEqual([
    { id: 'readers', origin: 'local', description: 'reading', by: 'client', tenant: null, files: ['access.yaml'] },
  ])
  expect(await listed()).toEqual(usable(before))
  expect(usable(before)).toContain('write_note')

  const told = client.line((line) => line.includes('notifications/tools/list_changed'))
  writeFileSync(join(gateway.paths.policy, 'access.yaml'), bound(', max_action: read'))
  await inForce(before.snapshot)
  await told
  const after = await access()
  expect(usable(after)).toEqual(usable(before).filter((name) => name.includes('read')))
  expect(await listed()).toEqual(usable(after))
  const write = after.tools.find(({ tool }) => tool === 'write_note')
  expect(write).toMatchObject({
    access: 'denied',
    why: expect.stringContaining('`readers` goes up to the action `read`'),
  })
  const refused = await client.call('write_note')
  expect(refused.outcome).toBe('ACCESS_DENIED')
  expect(refused.text).toContain('`readers` goes up to the action `read`')
})

test('what depends on arguments says so, and a tool that is not as it was reviewed is denied whatever policy says', async () => {
  const when = `match: { labels: { mcp.tool: read_note } }, decision: DENY, when: 'args.text == "no"'`
  const only = `match: { labels: { mcp.tool: slow_read } }, decision: ALLOW, when: 'args.text == "yes"'`
  const labels = `${rules.replace('mcp.action: read', 'mcp.tool: read_note')}  - { id: near, ${when} }\n  - { id: far, ${only} }\n`
  const { access, client } = await begin({ 'rules.yaml': labels })
  const said = await access()
  expect(words(said)).toMatchObject({ read_note: 'allowed', slow_read: 'depends', flaky_read: 'denied' })
  expect(said.tools.find(({ tool }) => tool === 'read_note')?.why).toContain('`near` may say otherwise')
  expect((await client.call('read_note', { text: 'no' })).outcome).toBe('POLICY_DENIED')
  expect((await client.call('read_note', { text: 'yes' })).outcome).toBe('ok')
  await gateway.core.handlers.stop({ server: 'notes', reason: 'a look' }, person)
  const stopped = await access()
  expect(usable(stopped)).toEqual([])
})

test('a revoked client may nothing, and one that nobody knows is not found', async () => {
  const { id, access } = await begin({ 'rules.yaml': rules })
  await gateway.core.handlers['clients.revoke']({ id }, person)
  expect(usable(await access())).toEqual([])
  const nobody = async () => gateway.core.handlers['clients.access']({ id: 'nobody' }, person)
  await expect(nobody()).rejects.toThrow('no client `nobody`')
})

test('where there is no policy in force nothing is allowed', async () => {
  const { access } = await begin({ 'rules.yaml': 'version: v9\n' })
  const found = await access()
  expect(found).toMatchObject({ snapshot: null, policies: [] })
  expect(usable(found)).toEqual([])
})

test('an access policy says what it reaches by itself and for whom it holds; a new binding waits for a person', async () => {
  const policies =
    'version: v1\naccess_policies:\n  - { id: readers, allow_all: true, max_action: read }\n  - { id: spare, allow: { tools: [notes.write_note] } }\n'
  const { id } = await begin({ 'rules.yaml': rules, 'access.yaml': policies })
  const reach = async (name: string) =>
    (await gateway.core.handlers['policy.reach']({}, person)).find((each) => each.id === name)
  const before = await reach('readers')
  expect(before).toMatchObject({ clients: [] })
  expect(before?.allowed).toBeGreaterThan(0)
  expect(before?.allowed).toBeLessThan(before?.tools ?? 0)
  expect(await reach('spare')).toMatchObject({ allowed: 1 })
  expect(await reach('mcp.empty')).toMatchObject({ allowed: 0, clients: [] })
  expect(await reach('local.default')).toMatchObject({ clients: [{ id, name: 'editor' }] })

  writeFileSync(
    join(gateway.paths.policy, 'access.yaml'),
    `${policies}bindings: [{ policy: readers, clients: [${id}] }]\n`,
  )
  await gateway.core.handlers['policy.confirm']({ hash: (await waiting()).hash }, approver)
  expect(await reach('readers')).toMatchObject({ clients: [{ id, name: 'editor' }] })
  expect(await reach('local.default')).toMatchObject({ clients: [] })
})
