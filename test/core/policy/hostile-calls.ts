import type { Snapshot } from '../../../src-main/core/policy/snapshot.ts'
import { type CallParts, rules, snapshotOf, snapshotOfFiles } from './call.ts'

export const MiB = 'a'.repeat(1 << 20)

/** What matches every call. */
export const everything = 'match: { labels: { mcp.server: "*" } }'

/** So many rules with one condition, about every call. */
export function conditions(count: number, when: string): Snapshot {
  const one = (index: number) => `id: r${index}, ${everything}, decision: ALLOW, when: '${when}'`
  return snapshotOf(rules(...Array.from({ length: count }, (_, index) => one(index))))
}

/** The most values that a condition may loop over, and the longest texts that it may look through. */
export const many = Array.from({ length: 200 }, (_, index) => `v${index}`)
export const long = Array.from({ length: 32 }, () => 'a'.repeat(32_000))

/** Conditions of which many rules, and a call for which they take long. */
export const hostileConditions: readonly [what: string, when: string, parts: CallParts][] = [
  ['loops over the longest lists', 'args.t.exists(p, p == "x")', { args: { t: many } }],
  ['texts turned into others', 'args.t.exists(p, p.lowerAscii() == "x")', { args: { t: long } }],
  ['texts counted', 'args.t.exists(p, p.size() == 3)', { args: { t: long } }],
  ['texts searched', 'args.t.exists(p, p.contains("b"))', { args: { t: long } }],
  [
    'texts doubled',
    '[args.s].map(x, x + x).map(x, x + x).map(x, x + x).exists(x, x.contains("b"))',
    { args: { s: long[0] } },
  ],
  ['lists doubled', '(args.t + args.t + args.t + args.t).map(x, x).size() == 1', { args: { t: many } }],
  ['patterns', 're(args.s, "(a+)+b{1,100}")', { args: { s: long[0] } }],
  ['paths', 'resource.paths.exists(p, p.startsWith("/x") || p.endsWith("y") || p == "z")', { paths: many }],
]

/** A policy with patterns of many stars, and a call for which they take long. */
export const hostilePatterns: readonly [what: string, snapshot: Snapshot, parts: CallParts][] = [
  [
    'a name of 1 MiB',
    snapshotOf(rules('id: a, match: { labels: { mcp.name: "*aaaaaaaaaaaaaaaaaaaaaaaaaaaaab*" } }, decision: DENY')),
    { kind: 'resource', tool: '', names: [MiB] },
  ],
  [
    'many long paths',
    snapshotOfFiles([
      {
        path: 'p.json',
        origin: 'local',
        text: JSON.stringify({ policy_name: 'p', action: 'DENY', resource_patterns: ['*aaaaaaaaaaaaaaaaaaaab*'] }),
      },
    ]),
    { paths: Array.from({ length: 300 }, (_, index) => index + MiB.slice(0, 4_000)) },
  ],
]
