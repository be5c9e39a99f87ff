import type { Constraints } from './constraints.ts'
import type { ReasonCode } from './errors.ts'

/** What policy says about a call, from weakest to strictest. */
export const effects = ['ALLOW', 'ALLOW_WITH_CONSTRAINTS', 'REQUIRE_APPROVAL', 'DENY'] as const
export type Effect = (typeof effects)[number]

/** What a rule can ask to be told of (seed 002 `audit.alert_on`). */
export const alerts = ['blocked_table_attempt', 'large_result_set', 'rate_limited'] as const
export type Alert = (typeof alerts)[number]

/** A rule named in a decision, with the place a person finds it at. */
export type RuleRef = {
  id: string
  effect: Effect
  origin: 'local' | 'org'
  file: string
  line: number
  reason: string | null
}

/** A rule whose condition could not be evaluated, which denies the call; a strict one counts as matched, a permissive one not. */
export type RuleError = { rule: string; message: string }

/** The answer of policy: a value that explains itself. */
export type Decision = {
  effect: Effect
  /** Why, when `effect` is DENY; null otherwise. */
  code: ReasonCode | null
  /** One sentence for people: what decided and why. */
  reason: string
  /** The rules that decided, strictest first. */
  rules: RuleRef[]
  /** Ids of every rule that matched, whether it decided or not. */
  matched: string[]
  constraints: Constraints
  /** What people are told of when it happens to this call. */
  alerts: Alert[]
  /** 1–5 when `effect` is REQUIRE_APPROVAL, else null. */
  approval_level: number | null
  risk: number
  /** Hash of the snapshot that decided. */
  snapshot: string
  errors: RuleError[]
  /** What would have been decided, when observe mode or an override let the call through; else null. */
  observed: Effect | null
  /** An override let it through, and not observe mode. */
  overridden?: true
}
