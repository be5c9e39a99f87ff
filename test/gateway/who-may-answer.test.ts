import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ApprovalView } from '../../shared/approval.ts'
import { instancePaths } from '../../src-main/host/paths.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'

/** What policy says of who may approve, at a real gateway with a real server and client. */
let gateway: TestGateway
let profile: string
afterEach(async () => {
  await gateway.close()
  rmSync(join(profile, '..'), { recursive: true, force: true })
})

const takes = (needs: string) => simplePolicy().replace('rules:', `approvals:\n  - { level: 1, ${needs} }\nrules:`)
const inSecurity = 'version: v1\nuser_roles: [security]\n'

async function begin(files: Record<string, string>, settings = {}) {
  profile = join(realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-'))), 'profile')
  const { policy } = instancePaths(profile)
  mkdirSync(policy, { recursive: true, mode: 0o700 })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(policy, name), text)
  gateway = await startGateway({ profile, settings: { hold_sec: 3600, ...settings } })
  await gateway.addServer('notes', 'notes-server', { NOTES_LOG: log() })
  const client = gateway.connect('notes')
  await client.initialize()
  return client
}

const log = () => join(profile, '..', 'calls.log')
const arrived = () => (existsSync(log()) ? readFileSync(log(), 'utf8').split('\n').filter(Boolean).length : 0)
const show = () => gateway.core.handlers['policy.show']({}, person)

/** Saves the rules; true once they are in force, which a tighter policy is without anybody's word. */
async function tighten(text: string): Promise<void> {
  const { snapshot } = await show()
  writeFileSync(join(gateway.paths.policy, 'rules.yaml'), text)
  while ((await show()).snapshot === snapshot) await new Promise((resolve) => setTimeout(resolve, 5))
}

const refusalOf = async (view: ApprovalView) =>
  gateway.answer(view, 'approve').then(
    () => null,
    (error: unknown) => error,
  )

test('whoever is in a group that a level takes is asked, and answers', async () => {
  const client = await begin({ 'rules.yaml': takes('groups: [security]'), 'roles.yaml': inSecurity })
  const asked = client.call('write_note', { text: 'x' })
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  expect((await asked).outcome).toBe('ok')
})

test.each([
  ['groups: [security]', '`security`, and this user has no role'],
  ['answers: 2', 'the answers of 2 people'],
  ['own: false', 'nobody may answer what their own clients ask'],
])('a call at a level that nobody here can answer, %s, is refused at once and says why', async (needs, why) => {
  const client = await begin({ 'rules.yaml': takes(needs) })
  const { outcome, text } = await client.call('write_note', { text: 'x' })
  expect(outcome).toBe('APPROVAL_IMPOSSIBLE')
  expect(text).toContain(why)
  expect(gateway.states('write_note')).toEqual(['decided REQUIRE_APPROVAL', 'closed blocked APPROVAL_IMPOSSIBLE'])
  expect((await client.call('read_note')).outcome).toBe('ok')
  expect(arrived()).toBe(1)
})

test('a call that waits is refused as soon as nobody here may answer it any more', async () => {
  const client = await begin({ 'rules.yaml': simplePolicy() })
  const asked = client.call('write_note', { text: 'x' })
  await gateway.pending('write_note')
  await tighten(takes('answers: 2'))
  expect((await asked).outcome).toBe('APPROVAL_IMPOSSIBLE')
  expect(await gateway.core.handlers['approvals.list']({}, person)).toEqual([])
})

test('a request that outlived its caller cannot be approved then, but denied', async () => {
  const client = await begin({ 'rules.yaml': simplePolicy() }, { hold_sec: 1 })
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('APPROVAL_PENDING')
  await tighten(takes('own: false'))
  const view = await gateway.pending('write_note')
  expect(await refusalOf(view)).toMatchObject({ code: 'APPROVAL_NOT_YOURS' })
  expect((await gateway.answer(view, 'deny')).state).toBe('denied')
  expect(arrived()).toBe(0)
})

test('what was granted before covers nothing at a level that nobody here can answer', async () => {
  const client = await begin({ 'rules.yaml': simplePolicy() }, { hold_sec: 1 })
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('APPROVAL_PENDING')
  await gateway.answer(await gateway.pending('write_note'), 'approve')
  await tighten(takes('groups: [security]'))
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('APPROVAL_IMPOSSIBLE')
  expect(arrived()).toBe(0)
})

test('to take less waits for a person', async () => {
  const client = await begin({ 'rules.yaml': takes('answers: 2') })
  writeFileSync(join(gateway.paths.policy, 'rules.yaml'), simplePolicy())
  let view = await show()
  while (view.waiting === null) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    view = await show()
  }
  expect(view.waiting.changes).toEqual(['loosens: an approval at level 1 takes one answer where it took 2 answers'])
  expect((await client.call('write_note', { text: 'x' })).outcome).toBe('APPROVAL_IMPOSSIBLE')
})
