import { describe, expect, test } from 'vitest'
import { compareSnapshots } from '../../../src-main/core/policy/compare.ts'
import { describeRules } from '../../../src-main/core/policy/describe.ts'
import { canEverBeAllowed } from '../../../src-main/core/policy/ever-allowed.ts'
import { parsePolicyFiles } from '../../../src-main/core/policy/parse.ts'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import type { PolicyFile } from '../../../src-main/core/policy/rule.ts'
import { allFine, type CallParts, envelope, rules, snapshotOfFiles } from './call.ts'

const local = (path: string, text: string): PolicyFile => ({ path, text, origin: 'local' })
const org = (path: string, text: string): PolicyFile => ({ path, text, origin: 'org' })
const allowAll = local('all.yaml', rules('id: all, match: { labels: { mcp.server: "*" } }, decision: ALLOW'))
const decided = (files: PolicyFile[], parts: CallParts = {}) => decide(envelope(parts), snapshotOfFiles(files), allFine)
const changes = (before: PolicyFile[], after: PolicyFile[]) =>
  compareSnapshots(snapshotOfFiles(before), snapshotOfFiles(after))

describe('per-tool files', () => {
  const file = 'tool: files.read_file\nroles: [dba]\n'
  const role = 'version: v1\nuser_roles: [dba]\n'

  test('go by the roles that policy gives its user, and where the organisation has a say, only by those it gives', () => {
    expect(decided([local('t.yaml', file)]).effect).toBe('DENY')
    expect(decided([local('t.yaml', file), local('r.yaml', role)]).effect).toBe('ALLOW')
    expect(decided([org('t.yaml', file), local('r.yaml', role)]).effect).toBe('DENY')
    expect(decided([org('t.yaml', file), org('r.yaml', role)]).effect).toBe('ALLOW')
  })
  test('without roles are about everybody, with an empty list about nobody', () => {
    expect(decided([local('t.yaml', 'tool: read_file')]).effect).toBe('ALLOW')
    expect(decided([allowAll, local('t.yaml', 'tool: read_file\nroles: []')], { roles: ['dba'] })).toMatchObject({
      code: 'POLICY_DENIED',
      reason: 'rule `read_file/others` denies this call: the tool is for nobody',
    })
  })
  test('are about one server when they say so', () => {
    const narrow = local('t.yaml', 'tool: read_file\nserver: git')
    expect([decided([narrow]).effect, decided([narrow], { server: 'git' }).effect]).toEqual(['DENY', 'ALLOW'])
  })
  test('say what of them does nothing', () => {
    const text = 'tool: a\ndlp: { scan_response: false }\naudit: { log_response_hash: false, log_full_query: true }\n'
    const { warnings, problems } = parsePolicyFiles([local('t.yaml', text)])
    expect(problems).toEqual([])
    expect(warnings.map(({ line, message }) => [line, message])).toEqual([
      [2, 'every answer is scanned, whatever this says'],
      [3, 'the hash of every answer is recorded'],
    ])
  })
  test('read like rules in a list', () => {
    const text = `${file}dlp: { mask_fields: [email] }\naudit: { alert_on: rate_limited }\nreview: { next_review: 2026-06-22 }`
    expect(
      describeRules(snapshotOfFiles([local('t.yaml', text)]).rules).map(({ id, summary }) => [id, summary]),
    ).toEqual([
      [
        'files.read_file',
        'allows tool or task requests of files.read_file on any server for dba until 2026-06-22; email masked; alerts on rate_limited',
      ],
      [
        'files.read_file/others',
        'denies tool or task requests of files.read_file on any server for all but dba; the tool is only for the roles `dba`',
      ],
      [
        'files.read_file/review',
        'denies tool or task requests of files.read_file on any server after 2026-06-22; the review of this tool was due on 2026-06-22',
      ],
    ])
  })
  test('that end tomorrow hide nothing from lists that are used then', () => {
    const ends = local(
      't.yaml',
      'tool: files.read_file\nconstraints: { read_paths: [/a] }\nreview: { next_review: 2026-06-01 }',
    )
    const clash = local(
      'c.yaml',
      rules('id: c, match: { labels: { mcp.server: "*" } }, decision: ALLOW, constraints: { read_paths: [/b] }'),
    )
    const bare = { envelope: envelope(), named: true, ...allFine }
    expect(canEverBeAllowed(bare, snapshotOfFiles([ends, clash]))).toBe(true)
    expect(decided([ends, clash]).code).toBe('CONSTRAINT_CONFLICT')
  })
})

describe('pattern policies', () => {
  const policy = (parts: object) =>
    local('p.json', JSON.stringify({ policy_name: 'P', server_patterns: ['*'], ...parts }))
  const levels = (parts: object) =>
    [0, 49, 50, 70].map((risk) => {
      const { effect, approval_level } = decided([policy({ risk_threshold: 50, ...parts })], { risk })
      return approval_level === null ? effect : `${effect} ${approval_level}`
    })

  test('get one step stricter from their threshold on', () => {
    const level = { required_approval_level: 2 }
    expect(levels({ action: 'ALLOW', ...level })).toEqual([
      'ALLOW',
      'ALLOW',
      'REQUIRE_APPROVAL 2',
      'REQUIRE_APPROVAL 2',
    ])
    expect(levels({ action: 'EVALUATE', ...level })).toEqual([
      'REQUIRE_APPROVAL 2',
      'REQUIRE_APPROVAL 2',
      'DENY',
      'DENY',
    ])
    expect(levels({ action: 'DENY', ...level })).toEqual(['DENY', 'DENY', 'DENY', 'DENY'])
  })
  test('that deny do so when one resource fits, those that allow when all do and there is one', () => {
    const [deny, allow] = ['DENY', 'ALLOW'].map((action) =>
      policy({ action, resource_patterns: ['/srv/*', 'git://*'] }),
    )
    const effects = (paths: string[], uris: string[] = []) => [
      decided([allowAll, deny as PolicyFile], { paths, uris }).effect,
      decided([allow as PolicyFile], { paths, uris }).effect,
    ]
    expect(effects(['/srv/a', '/etc/b'])).toEqual(['DENY', 'DENY'])
    expect(effects(['/srv/a'], ['git://x'])).toEqual(['DENY', 'ALLOW'])
    expect(effects(['/srv/a'], ['http://x'])).toEqual(['DENY', 'DENY'])
    expect(effects([])).toEqual(['ALLOW', 'DENY'])
  })
  test('that allow are about tools only', () => {
    const { effect } = decided([policy({ action: 'ALLOW' })], { kind: 'sampling', tool: '', names: ['x'] })
    expect(effect).toBe('DENY')
  })
  test('that are not active rule nothing, and taking them back from a denial loosens', () => {
    const [on, off] = [true, false].map((is_active) => policy({ action: 'DENY', is_active })) as [
      PolicyFile,
      PolicyFile,
    ]
    expect([decided([allowAll, on]).effect, decided([allowAll, off]).effect]).toEqual(['DENY', 'ALLOW'])
    expect(changes([allowAll, on], [allowAll, off]).loosens).toHaveLength(1)
  })
  test('may stand in a list, each with its name as its reason', () => {
    const one = {
      policy_name: 'Änderungen am Netz',
      verb_patterns: ['x'],
      action: 'DENY',
      compliance_framework: ['SOC 2', 'ISO'],
    }
    const { rules: listed } = snapshotOfFiles([local('p.json', JSON.stringify([one, { ...one, policy_name: 'B' }]))])
    expect(listed.map(({ id, ref }) => [id, ref.reason])).toEqual([
      ['anderungen-am-netz', 'Änderungen am Netz (SOC 2, ISO)'],
      ['b', 'B (SOC 2, ISO)'],
    ])
  })
})

describe('access policies', () => {
  const access = (parts: string, bound = 'clients: [Editor]') =>
    `version: v1\naccess_policies: [{ id: a, ${parts} }]\nbindings: [{ policy: a, ${bound} }]`
  const wide = access('allow_all: true')
  const narrow = access('allow: { tools: [other] }')

  const blocking = 'allow_all: true, block: { tools: ["*"] }'
  /** Two policies that are bound to the same client; and the same with the second binding gone. */
  const two = (second: string, first = 'allow_all: true') =>
    `version: v1\naccess_policies: [{ id: a, ${first} }, { id: b, ${second} }]\nbindings: [{ policy: a, clients: [Editor] }, { policy: b, clients: [Editor] }]`
  const one = (text: string) => text.replace(', { policy: b, clients: [Editor] }', '')

  test('of the organisation hold whatever local files add, and local ones narrow them', () => {
    const theirs = org('o.yaml', narrow)
    const mine = (parts: string) => local('m.yaml', access(parts).replaceAll('a,', 'mine,'))
    expect(decided([allowAll, theirs, mine('allow_all: true')])).toMatchObject({
      code: 'ACCESS_DENIED',
      reason: expect.stringContaining('the access policy `a` does not list this tool'),
    })
    expect(decided([allowAll, org('o.yaml', wide), mine('allow: { tools: [other] }')]).code).toBe('ACCESS_DENIED')
  })
  test('of the organisation are the only ones that it binds', () => {
    const policies = 'version: v1\naccess_policies: [{ id: a, allow_all: true }]'
    const bindings = 'version: v1\nbindings: [{ policy: a, clients: [x] }]'
    expect(parsePolicyFiles([local('a.yaml', policies), org('b.yaml', bindings)]).problems).toMatchObject([
      { file: 'b.yaml', line: 2, message: '`a` is a local access policy, which the organisation does not control' },
    ])
    expect(parsePolicyFiles([org('a.yaml', policies), local('b.yaml', bindings)]).problems).toEqual([])
  })
  test.each([
    ['another tool on the list', narrow, access('allow: { tools: [other, more] }'), 'loosens'],
    ['a tool off the list', access('allow: { tools: [other, more] }'), narrow, 'tightens'],
    ['everything becomes a list', wide, narrow, 'tightens'],
    ['a list becomes everything', narrow, wide, 'loosens'],
    ['a block', wide, access('allow_all: true, block: { tags: [x] }'), 'tightens'],
    ['a block that is gone', access('allow_all: true, block: { tags: [x] }'), wide, 'loosens'],
    ['a ceiling', wide, access('allow_all: true, max_classification: internal'), 'tightens'],
    ['no ceiling any more', access('allow_all: true, max_action: read'), wide, 'loosens'],
    ['an archived policy', wide, access('allow_all: true, archived: true'), 'tightens'],
    ['a policy out of the archive', access('allow_all: true, archived: true'), wide, 'loosens'],
    ['a binding', wide, access('allow_all: true', 'clients: [Editor, Other]'), 'loosens'],
    ['a binding that is gone', wide, access('allow_all: true', 'roles: [x]'), 'loosens'],
    ['a role', wide, `${wide}\nuser_roles: [x]`, 'loosens'],
    ['one of two bindings', two('allow_all: true'), one(two('allow_all: true')), 'tightens'],
    ['one of two that blocks', two(blocking), one(two(blocking)), 'loosens'],
    ['one of two that blocks, archived', two(`${blocking}, archived: true`), one(two(blocking)), 'loosens'],
    ['one of two that blocks, with its policy', two(blocking), access('allow_all: true'), 'loosens'],
    ['one of two that block the same', two(blocking, blocking), one(two(blocking, blocking)), 'tightens'],
  ] as const)('%s', (_, before, after, side) => {
    const result = changes([allowAll, local('a.yaml', before)], [allowAll, local('a.yaml', after)])
    expect(result.loosens.length > 0 ? 'loosens' : 'tightens').toBe(side)
    expect(result[side].length).toBeGreaterThan(0)
  })
  test('that are bound to `mcp.empty` anew tighten', () => {
    const empty = 'version: v1\nbindings: [{ policy: mcp.empty, clients: [Editor] }]'
    expect(changes([allowAll], [allowAll, local('e.yaml', empty)])).toEqual({
      loosens: [],
      tightens: ['the binding of client `Editor` to `mcp.empty` is new'],
    })
  })
})

test('alerts are part of a decision, and losing one loosens', () => {
  const alerting = local('t.yaml', 'tool: read_file\naudit: { alert_on: [rate_limited, large_result_set] }')
  const silent = local('t.yaml', 'tool: read_file\naudit: { alert_on: [rate_limited] }')
  expect(decided([alerting]).alerts).toEqual(['large_result_set', 'rate_limited'])
  expect(changes([alerting], [silent]).loosens).toEqual([
    'rule `read_file` alerts on rate_limited where it alerted on large_result_set, rate_limited',
  ])
  expect(changes([silent], [alerting]).loosens).toEqual([])
})
