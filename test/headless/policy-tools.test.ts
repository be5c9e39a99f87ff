import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Output } from '../../shared/calls.ts'
import { testFolder } from '../fakes/folder.ts'
import { liveGateway, pin } from '../fakes/live-gateway.ts'
import { person, program } from '../fakes/person.ts'

type Live = Awaited<ReturnType<typeof liveGateway>>

/** What a command gives as JSON, whatever its exit code. */
async function json<T>({ toolgate }: Live, ...words: string[]): Promise<T> {
  const { screen, stderr } = await program(toolgate('policy', ...words, '--json'))
  if (!screen.startsWith('{') && !screen.startsWith('[')) throw new Error(`${words.join(' ')}: ${screen}${stderr}`)
  return JSON.parse(screen) as T
}

/** A gateway with a reviewed server on which calls were made: reads that ran, a write that was refused to wait any longer. */
async function withCalls() {
  const gateway = await liveGateway()
  await gateway.enroll()
  await gateway.addNotes()
  const client = await gateway.client()
  const place = join(testFolder(), 'notes')
  mkdirSync(join(place, 'inner'), { recursive: true })
  expect(await client.call('read_note', { path: join(place, 'a.md') })).toMatchObject({ outcome: 'ok' })
  expect(await client.call('read_note', { path: join(place, 'inner', 'b.md') })).toMatchObject({ outcome: 'ok' })
  expect(await client.call('leak_read', { text: 'no path at all' })).toMatchObject({ outcome: 'ok' })
  expect(await client.call('read_note', { path: '/home/ada/.ssh/id_ed25519' })).toMatchObject({
    outcome: 'POLICY_DENIED',
  })
  return { gateway, client, place, draft: join(testFolder(), 'draft.yaml') }
}

const rule = (id: string, labels: string, rest: string) =>
  `  - id: ${id}\n    match: { labels: { ${labels} } }\n    ${rest}\n`
const file = (...rules: string[]) => `version: v1\nrules:\n${rules.join('')}`

test('replay says what a draft would have done with recorded calls, and what it cannot tell', {
  timeout: 40_000,
}, async () => {
  const { gateway, draft, place } = await withCalls()
  const before = await json<Output<'policy.replay'>>(gateway, 'replay', 'in-force')
  expect(before).toMatchObject({ calls: 4, same: 4, denied: 0, cannot: { calls: 0 }, changes: [] })

  writeFileSync(draft, file(rule('no-leak', 'mcp.tool: leak_read', 'decision: DENY')))
  const denied = await json<Output<'policy.replay'>>(gateway, 'replay', draft)
  expect(denied).toMatchObject({ calls: 4, same: 3, denied: 1, more: 0 })
  expect(denied.changes).toMatchObject([
    {
      server: 'notes',
      tool: 'leak_read',
      before: { effect: 'ALLOW', rules: ['allow-reads'] },
      after: { effect: 'DENY', rules: ['no-leak'] },
    },
  ])

  writeFileSync(
    draft,
    file(
      rule(
        'outside',
        'mcp.action: read',
        `when: resource.paths.exists(p, p.startsWith('${place}/inner/'))\n    decision: REQUIRE_APPROVAL\n    level: 4`,
      ),
    ),
  )
  const asked = await json<Output<'policy.replay'>>(gateway, 'replay', draft)
  expect(asked).toMatchObject({ calls: 4, same: 3, asked: 1 })
  expect(asked.changes[0]?.after).toMatchObject({ effect: 'REQUIRE_APPROVAL', level: 4 })

  writeFileSync(
    draft,
    file(rule('by-arguments', 'mcp.tool: read_note', 'when: args.path.endsWith(".md")\n    decision: DENY')),
  )
  const unknown = await json<Output<'policy.replay'>>(gateway, 'replay', draft)
  // The call for a key is denied by a rule that looks at its path, whatever its arguments are.
  expect(unknown).toMatchObject({ calls: 2, same: 2, cannot: { calls: 2, needs: { arguments: 2 } } })

  writeFileSync(draft, 'version: v1\nrules: []\n')
  const broken = await program(gateway.toolgate('policy', 'replay', draft))
  expect(broken).toMatchObject({ code: 1, screen: expect.stringContaining('draft.yaml:2') })
  const text = await program(gateway.toolgate('policy', 'replay', 'in-force', '--days', '1'))
  expect(text.screen).toMatch(/^4 calls since .*\nthe same +4\n/)
})

test('what is kept for a replay holds places but neither arguments nor secrets', { timeout: 40_000 }, async () => {
  const { gateway, client } = await withCalls()
  const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`
  await client.call('read_note', { path: `/srv/${secret}/x.md`, text: 'words-of-arguments' })
  await program(gateway.toolgate('policy', 'replay', 'in-force'))
  const files = [gateway.paths.database, `${gateway.paths.database}-wal`].filter((path) => existsSync(path))
  const bytes = files.map((path) => readFileSync(path, 'latin1')).join('')
  expect(bytes).toContain('[masked: ')
  expect(bytes).not.toContain(secret)
  expect(bytes).not.toContain('words-of-arguments')
})

test('explain names every rule, what does not fit, and what would be without it', { timeout: 40_000 }, async () => {
  const { gateway } = await withCalls()
  const [call] = (await json<Output<'policy.replay'>>(gateway, 'replay', await denyAll(gateway))).changes
  const explained = await json<Output<'policy.explain'>>(gateway, 'explain', call?.call_id ?? '')
  expect(explained).toMatchObject({
    decision: { effect: 'ALLOW', rules: ['allow-reads'] },
    recorded: { effect: 'ALLOW', rules: ['allow-reads'] },
    line: { number: 5 },
    missing: [],
  })
  const byId = new Map(explained.rules.map((each) => [each.rule.id, each]))
  expect([...byId.keys()].sort()).toEqual(['allow-reads', 'ask-destructive', 'ask-writes', 'deny-credentials'])
  expect(byId.get('allow-reads')).toMatchObject({
    outcome: 'matched',
    decided: true,
    without: { effect: 'DENY', code: 'NO_RULE' },
  })
  expect(byId.get('ask-writes')).toMatchObject({
    ...{ outcome: 'not_matched', decided: false, without: null },
    parts: [{ part: 'action', fits: false, wants: 'write', has: 'read' }],
  })
  expect(byId.get('deny-credentials')).toMatchObject({
    outcome: 'not_matched',
    parts: [{ part: 'condition', fits: false }],
  })

  const envelope = join(testFolder(), 'call.yaml')
  writeFileSync(envelope, 'server: notes\ntool: { name: write_note, action: write }\nrisk: 80\nargs: { text: hello }\n')
  const text = await program(gateway.toolgate('policy', 'explain', '--envelope', envelope, '--all'))
  expect(text).toMatchObject({ code: 0 })
  expect(text.screen).toContain('REQUIRE_APPROVAL at level 3')
  expect(text.screen).toContain('by line 6 of the list')
  expect(text.screen).toMatch(
    /REQUIRE_APPROVAL ask-writes \(starter\.yaml:\d+\) matches; decides; without it: DENY \(NO_RULE\)/,
  )
  expect(text.screen).toContain('bound max_runtime_sec: at most 120 s, by ask-writes')
  expect(await program(gateway.toolgate('policy', 'explain', 'call_none'))).toMatchObject({ code: 5 })
  expect(await program(gateway.toolgate('policy', 'explain'))).toMatchObject({ code: 2 })
})

/** A draft that denies everything, to get at the recorded calls. */
async function denyAll(_gateway: Live): Promise<string> {
  const path = join(testFolder(), 'deny.yaml')
  writeFileSync(path, file(rule('nothing', 'mcp.server: "*"', 'decision: DENY')))
  return path
}

test('suggest draws rules that lint clean and match what they were drawn from', { timeout: 40_000 }, async () => {
  const { gateway, place, draft } = await withCalls()
  const found = await json<Output<'policy.suggest'>>(gateway, 'suggest', '--server', 'notes')
  expect(found).toMatchObject({ calls: 3 })
  expect(found.rules.map(({ id, matches }) => [id, matches])).toEqual([
    ['seen-notes-read-allow', 1],
    ['seen-notes-read-allow-2', 2],
  ])
  expect(found.text).toContain(`p.startsWith('${place}/')`)
  writeFileSync(draft, found.text)
  expect(await program(gateway.toolgate('policy', 'lint', draft))).toMatchObject({ code: 0 })
  const folder = testFolder()
  writeFileSync(join(folder, 'suggested.yaml'), found.text)
  const replayed = await json<Output<'policy.replay'>>(gateway, 'replay', folder)
  expect(replayed).toMatchObject({ calls: 4, same: 4, cannot: { calls: 0 } })
})

test('tests beside the rules run before these rule; a failing one keeps what was in force', {
  timeout: 40_000,
}, async () => {
  const gateway = await liveGateway()
  const tests = join(gateway.paths.policy, 'starter.test.yaml')
  const expecting = (effect: string) =>
    `version: v1\ntests:\n  - name: reads run\n    envelope: { server: files, tool: { name: read, action: read } }\n    expect: { effect: ${effect}, rules: [allow-reads] }\n`
  const first = await json<Output<'policy.show'>>(gateway, 'show')
  writeFileSync(tests, expecting('DENY'))
  let shown = await json<Output<'policy.show'>>(gateway, 'show')
  while (shown.problems.length === 0) shown = await json<Output<'policy.show'>>(gateway, 'show')
  expect(shown).toMatchObject({ snapshot: first.snapshot, problems: [{ file: 'starter.test.yaml', line: 5 }] })
  expect(shown.problems[0]?.message).toBe('the test `reads run` fails: the policy decides ALLOW by `allow-reads`')
  expect(await program(gateway.toolgate('policy', 'test'))).toMatchObject({
    ...{ code: 1, screen: expect.stringContaining('FAIL starter.test.yaml:5 reads run') },
  })

  writeFileSync(tests, expecting('ALLOW'))
  while (shown.problems.length > 0) shown = await json<Output<'policy.show'>>(gateway, 'show')
  expect(shown.snapshot).not.toBe(first.snapshot)
  expect(await program(gateway.toolgate('policy', 'test'))).toMatchObject({
    code: 0,
    screen: expect.stringContaining('1 of 1 test passed'),
  })
})

test('history tells who, why and which commit; rollback goes back and waits for a person', {
  timeout: 40_000,
}, async () => {
  const gateway = await liveGateway()
  await gateway.enroll()
  const { policy } = gateway.paths
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', policy, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...words])
  const starter = await json<Output<'policy.show'>>(gateway, 'show')
  git('init', '-q')
  writeFileSync(join(policy, 'more.yaml'), file(rule('no-shell', 'mcp.tool: "*shell*"', 'decision: DENY')))
  git('add', '.')
  git(
    'commit',
    '-qm',
    'No shells (#42)\n\nThey hide paths.\n\nReviewed-by: Grace <grace@example.org>\nApproved-by: Joan',
  )
  let past = await json<Output<'policy.history'>>(gateway, 'history')
  while (past.length < 2 || past[0]?.commit === null) past = await json<Output<'policy.history'>>(gateway, 'history')
  expect(past).toMatchObject([
    {
      ...{ in_force: true, reviewer: null, reason: expect.stringMatching(/^tightens: rule `no-shell` is new/) },
      commit: {
        ...{ author: 'Ada <ada@example.org>', subject: 'No shells (#42)', pull_request: '42', dirty: false },
        reviewers: ['Grace <grace@example.org>', 'Joan'],
      },
    },
    { hash: starter.snapshot, author: 'toolgate', reason: 'first policy', in_force: false },
  ])

  const diff = await program(gateway.toolgate('policy', 'diff', starter.snapshot ?? '', 'in-force'))
  expect(diff.screen).toMatch(
    /tightens: rule `no-shell` is new[\s\S]*added more\.yaml\n@@ -0,0 \+1,5 @@\n\+version: v1\n/,
  )

  const back = (starter.snapshot ?? '').slice(0, 12)
  const rolled = await program(gateway.toolgate('policy', 'rollback', back, '--reason', 'shells are needed'))
  expect(rolled).toMatchObject({ code: 0, screen: expect.stringContaining('rule `no-shell` is gone') })
  expect(readdirSync(policy).filter((name) => !name.startsWith('.'))).toEqual(['starter.yaml'])
  expect((await json<Output<'policy.show'>>(gateway, 'show')).snapshot).toBe(past[0]?.hash)
  expect(await person(gateway.toolgate('policy', 'confirm', '--yes'), [['PIN:', pin]])).toMatchObject({ code: 0 })
  const [newest] = await json<Output<'policy.history'>>(gateway, 'history')
  expect(newest).toMatchObject({
    ...{ hash: starter.snapshot, in_force: true, reviewer: newest?.author },
    reason: expect.stringMatching(/^shells are needed \(loosens: rule `no-shell` is gone/),
  })
  expect(await program(gateway.toolgate('policy', 'rollback', 'deadbeefdead', '--reason', 'x'))).toMatchObject({
    code: 5,
  })
})

test('an exported policy is the same policy elsewhere', { timeout: 40_000 }, async () => {
  const gateway = await liveGateway()
  const bundle = await json<Output<'policy.export'>>(gateway, 'export')
  expect(bundle).toMatchObject({ format: 'toolgate-policy/1', files: [{ path: 'starter.yaml', origin: 'local' }] })
  expect(bundle.history).toHaveLength(1)
  const kept = join(testFolder(), 'kept')
  expect(await program(gateway.toolgate('policy', 'export', '--to', kept))).toMatchObject({ code: 0 })

  const profile = join(testFolder(), 'other')
  mkdirSync(join(profile, 'policy'), { recursive: true, mode: 0o700 })
  for (const name of readdirSync(join(kept, 'local'))) {
    writeFileSync(join(profile, 'policy', name), readFileSync(join(kept, 'local', name)), { mode: 0o600 })
  }
  const other = await liveGateway(profile)
  expect(await json<Output<'policy.show'>>(other, 'show')).toMatchObject({ snapshot: bundle.hash })
  expect(await program(gateway.toolgate('policy', 'export', '--to', kept))).toMatchObject({ code: 2 })
})
