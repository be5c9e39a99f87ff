import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { CliError } from '../../../src-main/headless/cli-error.ts'
import { type ControlClient, connectControl } from '../../../src-main/headless/control-client.ts'
import { fileSecrets } from '../../../src-main/host/secrets.ts'
import { testFolder } from '../../fakes/folder.ts'
import { liveGateway, pin } from '../../fakes/live-gateway.ts'
import { person } from '../../fakes/person.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const allow = 'version: v1\nrules:\n  - { id: allow, match: { labels: { mcp.server: files } }, decision: ALLOW }\n'
const tighter = `${allow}  - { id: deny, match: { labels: { mcp.tool: shell } }, decision: DENY }\n`
const looser = `${allow}  - { id: more, match: { labels: { mcp.server: other } }, decision: ALLOW }\n`

/** A gateway whose policy is one file, and what talks to it as pages and commands do. */
async function started() {
  const profile = join(testFolder(), 'profile')
  mkdirSync(join(profile, 'policy'), { recursive: true, mode: 0o700 })
  writeFileSync(join(profile, 'policy', 'a.yaml'), allow, { mode: 0o600 })
  const gateway = await liveGateway(profile)
  const client = await connectControl(gateway.paths, fileSecrets(gateway.paths.keys))
  if (!client) throw new Error('no gateway listens')
  onTestFinished(() => client.close())
  return { gateway, client, read: (name: string) => readFileSync(join(gateway.paths.policy, name), 'utf8') }
}

async function refusal(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => null,
    (failure) => failure,
  )
  if (!(error instanceof CliError)) throw new Error('it was not refused')
  return `${error.code}: ${error.message}`
}

const save = (client: ControlClient, file: string, text: string | null, before: string | null) =>
  client.call('policy.save', {
    file,
    text,
    reason: 'as agreed',
    expected_hash: before === null ? null : sha256(before),
  })

test('a file that tightens is written, rules at once, and is on record with its reason', async () => {
  const { client, read } = await started()
  expect(await save(client, 'a.yaml', tighter, allow)).toMatchObject({
    problems: [],
    waiting: null,
    rules: [{}, { id: 'deny' }],
  })
  expect(read('a.yaml')).toBe(tighter)
  const [newest] = await client.call('policy.history', { limit: 1 })
  expect(newest?.reason).toMatch(/^as agreed \(tightens: rule `deny` is new/)
})

test('a file that loosens is written and waits for a person; its reason waits with it', async () => {
  const { gateway, client } = await started()
  await gateway.enroll()
  const before = await client.call('policy.show', {})
  expect(await save(client, 'a.yaml', looser, allow)).toMatchObject({
    snapshot: before.snapshot,
    waiting: { changes: [expect.stringMatching(/^loosens: rule `more` is new/)] },
  })
  expect(await refusal(client.call('policy.confirm', { hash: 'x' }))).toMatch(/^PRESENCE_REQUIRED/)
  expect(await person(gateway.toolgate('policy', 'confirm', '--yes'), [['PIN:', pin]])).toMatchObject({ code: 0 })
  const [newest] = await client.call('policy.history', { limit: 1 })
  expect(newest).toMatchObject({ reason: expect.stringMatching(/^as agreed \(loosens/), reviewer: newest?.author })
})

test('nothing is written over what somebody else wrote meanwhile, or that would not load', async () => {
  const { gateway, client, read } = await started()
  expect(await refusal(save(client, 'a.yaml', tighter, 'something else'))).toMatch(/^CONFLICT.*`a\.yaml`/)
  expect(await refusal(save(client, 'a.yaml', tighter, null))).toMatch(/^CONFLICT/)
  expect(await refusal(save(client, 'a.yaml', 'version: v9\n', allow))).toMatch(/^POLICY_PROBLEM.*a\.yaml:1/)
  const failing = 'version: v1\ntests:\n  - { name: no, envelope: { server: files }, expect: { effect: DENY } }\n'
  expect(await refusal(save(client, 'a.test.yaml', failing, null))).toMatch(/^POLICY_PROBLEM.*the test `no` fails/)
  expect(await refusal(save(client, 'a.yaml', null, allow))).toMatch(/^POLICY_PROBLEM.*no rule file/)
  for (const name of ['../b.yaml', '.b.yaml', 'sub/b.yaml', 'b.txt']) {
    expect(await refusal(save(client, name, allow, null))).toMatch(/^(BAD_INPUT|POLICY_PROBLEM)/)
  }
  expect(read('a.yaml')).toBe(allow)
  expect(readdirSync(gateway.paths.policy)).toEqual(['a.yaml'])
})

test('a mistake that is there already does not keep another file from being mended', async () => {
  const { gateway, client, read } = await started()
  const broken = 'version: v9\n'
  writeFileSync(join(gateway.paths.policy, 'b.yaml'), broken, { mode: 0o600 })
  writeFileSync(join(gateway.paths.policy, 'c.yaml'), broken, { mode: 0o600 })
  const mended = 'version: v1\nrules:\n  - { id: b, match: { labels: { mcp.tool: b } }, decision: DENY }\n'
  expect(await save(client, 'b.yaml', mended, broken)).toMatchObject({
    problems: [{ file: 'c.yaml' }, { file: 'c.yaml' }],
  })
  expect(read('b.yaml')).toBe(mended)
  expect(await save(client, 'c.yaml', null, broken)).toMatchObject({
    problems: [],
    waiting: null,
    rules: [{}, { id: 'b' }],
  })
})
