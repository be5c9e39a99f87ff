import { z } from 'zod'
import { effects } from './decision.ts'
import { actions, classifications, trustLevels } from './envelope.ts'
import { PolicyProblem, RuleView } from './policy-view.ts'
import { kinds } from './traffic.ts'

/** Name of a file directly in the policy folder. */
export const PolicyFileName = z.string().regex(/^[^./\\\0][^/\\\0]{0,199}$/)
const Hash = z.string().regex(/^[0-9a-f]{64}$/)
const Text = z.string().max(1024 * 1024)

/**
 * Files that are not in the folder. `on: folder`: they take the place of the folder's files of the same name, a null removes
 * one, and the rest stays; `on: nothing`: they are all there is, but for the organisation's.
 */
export const PolicyDraft = z.strictObject({
  files: z.array(z.strictObject({ path: PolicyFileName, text: Text.nullable() })).max(100),
  on: z.enum(['folder', 'nothing']),
})
export type PolicyDraft = z.infer<typeof PolicyDraft>

/** Which policy is meant: the one in force, what lies in the folder now, one that was in force once, or a draft. */
export const PolicySource = z.union([
  z.enum(['in_force', 'folder']),
  z.strictObject({ hash: Hash }),
  z.strictObject({ draft: PolicyDraft }),
])
export type PolicySource = z.infer<typeof PolicySource>

const Words = z.array(z.string().max(4096)).max(1000)

/** A text alone stands for a map with only that key. */
function named<T extends z.ZodRawShape>(key: keyof T & string, shape: T) {
  const map = z.strictObject(shape).partial()
  return z.union([
    z
      .string()
      .max(4096)
      .transform((value) => map.parse({ [key]: value })),
    map,
  ])
}

/**
 * A call as far as somebody describes it, in the words of conditions. What is left out is that of a call of a tool nobody
 * has reviewed, on a restricted server in production, with a risk score of 0.
 */
export const CallSketch = z.strictObject({
  call: z
    .strictObject({ method: z.string().max(200), kind: z.enum(kinds), generation: z.enum(['legacy', 'modern']) })
    .partial()
    .optional(),
  client: named('name', { id: z.string(), name: z.string(), identity: z.enum(['verified', 'claimed']) }).optional(),
  user: named('id', { id: z.string(), roles: Words }).optional(),
  server: named('name', { name: z.string(), trust_level: z.enum(trustLevels) }).optional(),
  tool: named('name', {
    ...{ name: z.string(), namespace: z.string(), verb: z.string() },
    action: z.enum(actions),
    classification: z.enum(classifications),
    tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    tags: Words,
    fingerprint: z.string(),
  }).optional(),
  resource: z.strictObject({ paths: Words, hosts: Words, uris: Words }).partial().optional(),
  /** Every spelling of the name of what is asked for; by default the tool's name. */
  names: Words.min(1).optional(),
  args: z.record(z.string(), z.unknown()).optional(),
  /** The score. */
  risk: z.int().min(0).max(100).optional(),
  risk_tags: Words.optional(),
  environment: z.string().max(200).optional(),
  purpose: z.string().max(4096).optional(),
})
export type CallSketch = z.infer<typeof CallSketch>

/** What a policy says of a call, or said. */
export const Verdict = z.strictObject({
  effect: z.enum(effects),
  level: z.int().nullable(),
  code: z.string().nullable(),
  reason: z.string(),
  /** Ids of the rules that decided. */
  rules: z.array(z.string()),
  constraints: z.record(z.string(), z.unknown()),
})
export type Verdict = z.infer<typeof Verdict>

/** One thing that a rule asks of a call. `fits` is null when the record does not say enough to tell. */
export const RulePart = z.strictObject({
  part: z.string(),
  fits: z.boolean().nullable(),
  /** What the rule asks for, and what the call has. */
  wants: z.string(),
  has: z.string(),
})
export type RulePart = z.infer<typeof RulePart>

/** One rule and one call. */
export const ExplainedRule = z.strictObject({
  rule: RuleView,
  /** `failed`: its condition could not be evaluated. `unknown`: the record does not say enough. */
  outcome: z.enum(['matched', 'not_matched', 'failed', 'unknown']),
  /** Of a rule that matched all that it asks for, of others what does not fit. */
  parts: z.array(RulePart),
  /** It is among the rules that the decision names. */
  decided: z.boolean(),
  /** What would be decided without this rule, when that is something else; null when it makes no difference. */
  without: z
    .strictObject({ effect: z.enum(effects), level: z.int().nullable(), code: z.string().nullable() })
    .nullable(),
})
export type ExplainedRule = z.infer<typeof ExplainedRule>

/** Why a policy decides a call as it does. */
export const PolicyExplanation = z.strictObject({
  /** Hash of the policy that was asked; null when there is none, or the draft has problems. */
  policy: z.string().nullable(),
  problems: z.array(PolicyProblem),
  /** The call as policy sees it, for people: names and values without arguments. */
  call: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  /** What the policy says; null when it has problems or the record does not say enough to tell. */
  decision: Verdict.nullable(),
  /** What was decided when the call was made; null for a sketch. */
  recorded: Verdict.nullable(),
  /** Number in the list of docs/policy.md, 0 for what is built in, and its words. */
  line: z.strictObject({ number: z.int(), says: z.string() }),
  /** Those that matched first; at most 2,000. */
  rules: z.array(ExplainedRule),
  left_out: z.int(),
  /** Bounds that the call runs under, and the rules that set them. */
  bounds: z.array(z.strictObject({ bound: z.string(), value: z.string(), rules: z.array(z.string()) })),
  risk: z.strictObject({
    score: z.number(),
    factors: z.array(z.strictObject({ name: z.string(), points: z.number(), detail: z.string() })),
  }),
  /** What the record does not keep of this call, such as `arguments`. */
  missing: z.array(z.string()),
})
export type PolicyExplanation = z.infer<typeof PolicyExplanation>

/** What one policy changes over another. */
export const PolicyDiff = z.strictObject({
  from: z.string().nullable(),
  /** Null when it has problems. */
  to: z.string().nullable(),
  problems: z.array(PolicyProblem),
  loosens: z.array(z.string()),
  tightens: z.array(z.string()),
  added: z.array(RuleView),
  removed: z.array(RuleView),
  /** Rules that are written otherwise, before and after. */
  changed: z.array(z.strictObject({ before: RuleView, after: RuleView })),
  files: z.array(
    z.strictObject({
      path: z.string(),
      origin: z.enum(['local', 'org']),
      change: z.enum(['added', 'removed', 'changed']),
      /** Unified, with three lines around each change. */
      diff: z.string(),
    }),
  ),
})
export type PolicyDiff = z.infer<typeof PolicyDiff>

/** A recorded call, as far as a list of calls names it. */
const CallName = z.strictObject({
  call_id: z.string(),
  at: z.string(),
  client: z.string(),
  server: z.string(),
  /** Of what is no call of a tool: its name. */
  tool: z.string(),
  kind: z.enum(kinds),
  action: z.string(),
})

/** A recorded call that would be decided otherwise. */
export const ReplayedChange = CallName.extend({ before: Verdict, after: Verdict })
export type ReplayedChange = z.infer<typeof ReplayedChange>

/** What a policy would have done with the calls that are on record. */
export const PolicyReplay = z.strictObject({
  policy: z.string().nullable(),
  problems: z.array(PolicyProblem),
  /** The oldest moment looked at. */
  since: z.string(),
  /** Calls that were decided again, and what would have become of them. */
  calls: z.int(),
  same: z.int(),
  denied: z.int(),
  asked: z.int(),
  allowed: z.int(),
  /** Decided alike, but at another level or under other constraints. */
  bounded: z.int(),
  /** Calls that cannot be decided again, because rules look at what the record does not keep. */
  cannot: z.strictObject({ calls: z.int(), needs: z.record(z.string(), z.int()) }),
  /** There were more calls than `limit`; the newest were taken. */
  cut: z.boolean(),
  /** The newest changes; `more` were left out. */
  changes: z.array(ReplayedChange),
  more: z.int(),
  took_ms: z.number(),
})
export type PolicyReplay = z.infer<typeof PolicyReplay>

/** Rules that allow what was seen and no more. */
export const PolicySuggestion = z.strictObject({
  since: z.string(),
  /** Calls looked at: those that ran. */
  calls: z.int(),
  rules: z.array(
    z.strictObject({
      id: z.string(),
      summary: z.string(),
      /** How many of the calls it would match, and the newest of them. */
      matches: z.int(),
      calls: z.array(CallName),
    }),
  ),
  /** A rule file that says so. */
  text: z.string(),
})
export type PolicySuggestion = z.infer<typeof PolicySuggestion>

/** A policy in which rules no longer ask about what was allowed again and again: the files that say otherwise than before. */
export const NarrowedPolicy = z.strictObject({
  /** Ids of the rules that no longer ask, and of those that allow instead. */
  narrowed: z.array(z.string()),
  added: z.array(z.string()),
  files: z.array(z.strictObject({ path: z.string(), text: z.string() })),
})
export type NarrowedPolicy = z.infer<typeof NarrowedPolicy>

/** One test of a policy and how it went. */
export const PolicyTestResult = z.strictObject({
  name: z.string(),
  file: z.string(),
  line: z.int(),
  column: z.int(),
  ok: z.boolean(),
  /** What was expected and what was decided, in words; null when it passed. */
  expected: z.string().nullable(),
  got: z.string().nullable(),
})
export type PolicyTestResult = z.infer<typeof PolicyTestResult>

/** What the tests of a policy say; `problems` are those of the files, failed tests among them. */
export const PolicyTestReport = z.strictObject({
  ok: z.boolean(),
  tests: z.array(PolicyTestResult),
  problems: z.array(PolicyProblem),
})
export type PolicyTestReport = z.infer<typeof PolicyTestReport>

/** The commit that the rule files were in when they came into force. */
export const PolicyCommit = z.strictObject({
  id: z.string(),
  author: z.string(),
  committer: z.string(),
  reviewers: z.array(z.string()),
  /** Number of the pull request that its message names. */
  pull_request: z.string().nullable(),
  subject: z.string(),
  /** The rule files differed from the commit. */
  dirty: z.boolean(),
})
export type PolicyCommit = z.infer<typeof PolicyCommit>

/** One policy that came into force, and how. */
export const PolicyPast = z.strictObject({
  hash: z.string(),
  in_force_at: z.string(),
  author: z.string(),
  /** Who confirmed it, when it loosened something. */
  reviewer: z.string().nullable(),
  reason: z.string(),
  commit: PolicyCommit.nullable(),
  files: z.int(),
  in_force: z.boolean(),
})
export type PolicyPast = z.infer<typeof PolicyPast>

/** A policy as it can be carried elsewhere and put back. */
export const PolicyBundle = z.strictObject({
  format: z.literal('toolgate-policy/1'),
  hash: z.string(),
  exported_at: z.string(),
  files: z.array(z.strictObject({ path: z.string(), origin: z.enum(['local', 'org']), text: z.string() })),
  history: z.array(PolicyPast),
})
export type PolicyBundle = z.infer<typeof PolicyBundle>
