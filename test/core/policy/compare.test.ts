import { describe, expect, test } from 'vitest'
import { compareSnapshots } from '../../../src-main/core/policy/compare.ts'
import { rules, snapshotOf, snapshotOfFiles } from './call.ts'

const onA = 'match: { labels: { mcp.server: [a, b] }, risk_tags: [x] }'
const other = 'id: other, match: { labels: { mcp.server: z } }, decision: ALLOW'
const allow = `id: r, ${onA}, decision: ALLOW`
const bounded = (constraints: string) =>
  `id: r, ${onA}, decision: ALLOW_WITH_CONSTRAINTS, constraints: { ${constraints} }`
const ask = (more = '') => `id: r, ${onA}, decision: REQUIRE_APPROVAL${more}`
const deny = `id: r, ${onA}, decision: DENY`

/** `loosens`, `tightens`, `both` or `neutral`. */
function verdict(before: string[], after: string[]): string {
  const { loosens, tightens } = compareSnapshots(snapshotOf(rules(...before)), snapshotOf(rules(...after)))
  if (loosens.length > 0) return tightens.length > 0 ? 'both' : 'loosens'
  return tightens.length > 0 ? 'tightens' : 'neutral'
}

test('nothing loosens when there was no policy', () => {
  expect(compareSnapshots(null, snapshotOf(rules(allow)))).toEqual({ loosens: [], tightens: [] })
})

test('to keep the arguments of calls no longer is looser', () => {
  const tool = (more: string) => snapshotOfFiles([{ path: 't.yaml', origin: 'local', text: `tool: a.b\n${more}` }])
  const keeping = 'audit: { log_full_query: true }\n'
  expect(compareSnapshots(tool(keeping), tool('')).loosens).toEqual([
    'rule `a.b` no longer keeps the arguments of its calls',
  ])
  expect(compareSnapshots(tool(''), tool(keeping)).loosens).toEqual([])
})

describe('one rule changes', () => {
  test.each([
    ['an added DENY', [], [deny], 'tightens'],
    ['an added ALLOW', [], [allow], 'loosens'],
    ['an added ALLOW_WITH_CONSTRAINTS', [], [bounded('max_retries: 0')], 'loosens'],
    ['an added REQUIRE_APPROVAL', [], [ask()], 'loosens'],
    ['a removed DENY', [deny], [], 'loosens'],
    ['a removed REQUIRE_APPROVAL', [ask()], [], 'loosens'],
    ['a removed ALLOW_WITH_CONSTRAINTS', [bounded('max_retries: 0')], [], 'loosens'],
    ['a removed ALLOW', [allow], [], 'tightens'],
    ['a removed ALLOW that bounds others', [`${allow}, constraints: { max_retries: 0 }`], [], 'loosens'],
    ['a removed ALLOW whose condition may fail', [`${allow}, when: args.x == 1`], [], 'loosens'],
    ['the same rule', [allow], [allow], 'neutral'],
    ['the same lists in another order', [allow], [allow.replace('[a, b]', '[b, a]')], 'neutral'],
    ['text', [allow], [`${allow}, reason: why, description: what, priority: 7`], 'neutral'],
    ['a level that was the default', [ask()], [ask(', level: 1')], 'neutral'],
    ['a stricter effect', [allow], [ask()], 'tightens'],
    ['a stricter effect: DENY', [ask()], [deny], 'tightens'],
    ['a weaker effect', [deny], [ask()], 'loosens'],
    ['a stricter effect that drops a constraint', [bounded('max_retries: 0')], [ask()], 'both'],
    ['DENY in place of a constraint', [bounded('max_retries: 0')], [deny], 'tightens'],
    ['a higher level', [ask(', level: 2')], [ask(', level: 3')], 'tightens'],
    ['a lower level', [ask(', level: 3')], [ask(', level: 2')], 'loosens'],
    ['a higher level with accepted risk', [ask(', accept_risk: 90')], [ask(', level: 2, accept_risk: 90')], 'loosens'],
    [
      'a level of the floor, risk accepted',
      [ask(', accept_risk: 90')],
      [ask(', level: 3, accept_risk: 90')],
      'tightens',
    ],
    ['risk accepted', [allow], [`${allow}, accept_risk: 75`], 'loosens'],
    ['more risk accepted', [`${allow}, accept_risk: 75`], [`${allow}, accept_risk: 76`], 'loosens'],
    ['less risk accepted', [`${allow}, accept_risk: 75`], [`${allow}, accept_risk: 74`], 'tightens'],
    ['no risk accepted any more', [`${allow}, accept_risk: 75`], [allow], 'tightens'],
    ['a constraint more', [allow], [`${allow}, constraints: { max_runtime_sec: 5 }`], 'tightens'],
    ['a lower number', [bounded('max_runtime_sec: 5')], [bounded('max_runtime_sec: 4')], 'tightens'],
    ['a higher number', [bounded('max_runtime_sec: 5')], [bounded('max_runtime_sec: 6')], 'loosens'],
    ['one bound for another', [bounded('max_runtime_sec: 5')], [bounded('max_retries: 0')], 'loosens'],
    ['fewer hosts', [bounded('network_allowlist: [a, b]')], [bounded('network_allowlist: [b]')], 'tightens'],
    ['other hosts', [bounded('network_allowlist: [a]')], [bounded('network_allowlist: [b]')], 'loosens'],
    ['no hosts', [bounded('network_allowlist: [a]')], [bounded('network_allowlist: []')], 'loosens'],
    ['other servers', [deny], [deny.replace('[a, b]', '[a, b, c]')], 'loosens'],
    ['fewer servers', [allow], [allow.replace('[a, b]', '[a]')], 'loosens'],
    ['another tag', [allow], [allow.replace('[x]', '[y]')], 'loosens'],
    ['a condition', [allow], [`${allow}, when: environment == "prod"`], 'loosens'],
    ['a rename', [deny], [deny.replace('id: r', 'id: s')], 'both'],
  ])('%s', (_, before, after, expected) => {
    expect(verdict([other, ...before], [other, ...after])).toBe(expected)
  })
})

test.each([
  ['deny', 'by_risk', 'loosens'],
  ['by_risk', 'deny', 'tightens'],
] as const)('default: %s to %s', (before, after, expected) => {
  const [one, two] = [before, after].map((value) => snapshotOf(`default: ${value}\n${rules(other)}`))
  const { loosens, tightens } = compareSnapshots(one ?? null, two as NonNullable<typeof two>)
  expect({ loosens: loosens.length, tightens: tightens.length }).toEqual({
    loosens: expected === 'loosens' ? 1 : 0,
    tightens: expected === 'tightens' ? 1 : 0,
  })
})

test('a rule that moves to another file changes nothing; one that changes hands does', () => {
  const local = snapshotOfFiles([{ path: 'a.yaml', origin: 'local', text: rules(allow) }])
  const moved = snapshotOfFiles([{ path: 'b.yaml', origin: 'local', text: `description: moved\n${rules(allow)}` }])
  const theirs = snapshotOfFiles([{ path: 'a.yaml', origin: 'org', text: rules(allow) }])
  expect(compareSnapshots(local, moved)).toEqual({ loosens: [], tightens: [] })
  expect(compareSnapshots(local, theirs).loosens).toEqual(["rule `r` is now the organisation's"])
  expect(compareSnapshots(theirs, local).loosens).toEqual(['rule `r` is now a local rule'])
})

test('a removed ALLOW of the organisation may loosen: it outvoted local rules that accept risk', () => {
  const kept = { path: 'a.yaml', origin: 'local', text: rules(other) } as const
  const before = snapshotOfFiles([kept, { path: 'b.yaml', origin: 'org', text: rules(allow) }])
  expect(compareSnapshots(before, snapshotOfFiles([kept])).loosens).toHaveLength(1)
})

test('the sentences can be read', () => {
  const before = rules(
    other,
    `${ask(', level: 2')}, when: environment == "prod"`,
    'id: gone, match: { risk_tags: [pii] }, decision: DENY',
  )
  const after = rules(
    other,
    `${allow}, when: environment == "prod", accept_risk: 80`,
    'id: new, when: tool.tier == 3, decision: DENY',
  )
  expect(compareSnapshots(snapshotOf(before), snapshotOf(after))).toEqual({
    loosens: [
      'rule `gone` is gone: denies calls on any server tagged pii',
      'rule `r` decides ALLOW where it decided REQUIRE_APPROVAL at level 2',
      'rule `r` accepts risk up to 80 where it accepted no risk above the floor',
    ],
    tightens: ['rule `new` is new: denies calls on any server; when tool.tier == 3'],
  })
})
