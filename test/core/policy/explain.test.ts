import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decision } from '../../../shared/decision.ts'
import { decidePartly } from '../../../src-main/core/policy/decide-partly.ts'
import { explain } from '../../../src-main/core/policy/explain.ts'
import type { Unknown } from '../../../src-main/core/policy/partial-envelope.ts'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import { allFine, type CallParts, envelope, rules, snapshotOf } from './call.ts'

const known: ReadonlySet<Unknown> = new Set()

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values)
/** What a rule says besides its id; conditions read arguments, paths and tags, and one fails without its argument. */
const ruleText = fc
  .record({
    server: oneOf('files', 'other', '*'),
    tool: oneOf(null, 'read_file', 'read_*', 'other'),
    action: oneOf(null, 'read', 'write'),
    tag: oneOf(null, null, 'prod'),
    when: oneOf(
      null,
      null,
      `has(args.big) && args.big == true`,
      `args.big == true`,
      `resource.paths.exists(p, p.startsWith("/etc/"))`,
      `"prod" in risk_tags`,
    ),
    effect: oneOf('ALLOW', 'ALLOW', 'DENY', 'REQUIRE_APPROVAL, level: 2', 'REQUIRE_APPROVAL, level: 3'),
    bounds: oneOf(
      null,
      '{ max_retries: 0 }',
      '{ max_retries: 2, max_runtime_sec: 5 }',
      '{ network_allowlist: [a.example] }',
      '{ network_allowlist: [b.example] }',
    ),
    accepts: oneOf(null, null, 90),
  })
  .map(({ server, tool, action, tag, when, effect, bounds, accepts }) => {
    const labels = [`mcp.server: "${server}"`, tool && `mcp.tool: "${tool}"`, action && `mcp.action: ${action}`]
    const denies = effect === 'DENY'
    return [
      `match: { labels: { ${labels.filter(Boolean).join(', ')} }${tag ? `, risk_tags: [${tag}]` : ''} }`,
      when && `when: '${when}'`,
      `decision: ${effect}`,
      !denies && bounds && `constraints: ${bounds}`,
      !denies && accepts && `accept_risk: ${accepts}`,
    ]
      .filter(Boolean)
      .join(', ')
  })
const policy = fc
  .array(ruleText, { minLength: 1, maxLength: 6 })
  .map((texts) => texts.map((text, n) => `id: r${n}, ${text}`))
const call: fc.Arbitrary<CallParts> = fc.record({
  server: oneOf('files', 'other'),
  tool: oneOf('read_file', 'write_file'),
  action: oneOf('read', 'write'),
  risk: oneOf(10, 80),
  tags: oneOf([], ['prod']),
  args: oneOf({}, { big: true }, { big: false }),
  paths: oneOf([], ['/etc/passwd'], ['/home/ada/x']),
})

const same = (a: Decision, b: Decision) =>
  JSON.stringify([a.effect, a.approval_level, a.code, a.constraints]) ===
  JSON.stringify([b.effect, b.approval_level, b.code, b.constraints])

describe('an explanation', () => {
  test('names exactly the rules without which something else is decided', () => {
    fc.assert(
      fc.property(policy, call, (lines, parts) => {
        const [snapshot, asked] = [snapshotOf(rules(...lines)), envelope(parts)]
        const decision = decide(asked, snapshot, allFine)
        const explained = explain({ envelope: asked, missing: known, facts: allFine }, snapshot)
        const different = lines.flatMap((_line, n) => {
          const others = lines.filter((_other, m) => m !== n)
          // A policy needs a rule; this one is about no call.
          const rest = snapshotOf(
            rules(...others, 'id: none, match: { labels: { mcp.server: nowhere } }, decision: DENY'),
          )
          return same(decision, decide(asked, rest, allFine)) ? [] : [`r${n}`]
        })
        const named = explained.rules.filter(({ without }) => without !== null).map(({ rule }) => rule.id)
        expect(named.sort()).toEqual(different)
      }),
      { seed: 7, numRuns: 400 },
    )
  })

  test('says of every rule whether it matched, and of those that did not what does not fit', () => {
    fc.assert(
      fc.property(policy, call, (lines, parts) => {
        const [snapshot, asked] = [snapshotOf(rules(...lines)), envelope(parts)]
        const decision = decide(asked, snapshot, allFine)
        const explained = explain({ envelope: asked, missing: known, facts: allFine }, snapshot)
        expect(explained.rules).toHaveLength(lines.length)
        expect(explained.decision).toMatchObject({
          effect: decision.effect,
          level: decision.approval_level,
          code: decision.code,
        })
        for (const { rule, outcome, parts: said } of explained.rules) {
          if (outcome === 'matched') {
            expect(decision.matched).toContain(rule.id)
            expect(said.every(({ fits }) => fits === true)).toBe(true)
          } else if (outcome === 'failed') expect(decision.errors.map((error) => error.rule)).toContain(rule.id)
          else expect(said.some(({ fits }) => fits === false)).toBe(true)
        }
      }),
      { seed: 8, numRuns: 500 },
    )
  })

  test.each([
    ['an error', 'when: "args.none == 1", decision: ALLOW', {}, 1],
    ['a rule that denies', 'decision: DENY', {}, 3],
    ['a rule that asks', 'decision: REQUIRE_APPROVAL, level: 4', { risk: 90 }, 5],
    ['the floor over a rule that asks for less', 'decision: REQUIRE_APPROVAL, level: 2', { risk: 90 }, 6],
    ['the floor over a rule that allows', 'decision: ALLOW', { risk: 90 }, 6],
    ['no rule', 'decision: ALLOW', { server: 'elsewhere' }, 7],
  ])('names the line that decided: %s', (_what, text, parts, line) => {
    const snapshot = snapshotOf(rules(`id: r, match: { labels: { mcp.server: files } }, ${text}`))
    expect(explain({ envelope: envelope(parts), missing: known, facts: allFine }, snapshot).line.number).toBe(line)
  })

  test('says what a pattern wants and what the call has', () => {
    const snapshot = snapshotOf(
      rules(
        'id: r, match: { labels: { mcp.tool: ["write_*", move], mcp.server: files }, risk_tags: [prod] }, decision: DENY',
      ),
    )
    expect(explain({ envelope: envelope(), missing: known, facts: allFine }, snapshot).rules).toMatchObject([
      {
        parts: [
          { part: 'tool', fits: false, wants: '`write_*` or `move`', has: '`read_file`' },
          { part: 'tag', fits: false, wants: '`prod`', has: 'none' },
        ],
      },
    ])
  })
})

describe('a call whose arguments are not known', () => {
  const missing: ReadonlySet<Unknown> = new Set(['arguments'])
  const everything = [{}, { big: true }, { big: false }]

  test('is decided only where no arguments would make a difference', () => {
    let undecided = 0
    fc.assert(
      fc.property(policy, call, (lines, parts) => {
        const snapshot = snapshotOf(rules(...lines))
        const { decision, needs } = decidePartly(envelope({ ...parts, args: {} }), missing, snapshot, allFine)
        if (!decision) {
          undecided++
          expect([...needs]).toEqual(['arguments'])
          return
        }
        for (const args of everything) {
          expect(decide(envelope({ ...parts, args }), snapshot, allFine).effect).toBe(decision.effect)
        }
      }),
      { seed: 9, numRuns: 1500 },
    )
    expect(undecided).toBeGreaterThan(50)
  })

  test('is explained as far as it is known', () => {
    const snapshot = snapshotOf(
      rules(
        'id: big, when: "args.big == true", decision: DENY',
        'id: rest, match: { labels: { mcp.server: files } }, decision: ALLOW',
      ),
    )
    const explained = explain({ envelope: envelope(), missing, facts: allFine }, snapshot)
    expect(explained).toMatchObject({
      decision: null,
      missing: ['arguments'],
      rules: [{ outcome: 'unknown' }, { outcome: 'matched' }],
    })
  })
})
