import type { Constraints } from '../../../shared/constraints.ts'
import type { Effect, RuleRef } from '../../../shared/decision.ts'
import type { Action } from '../../../shared/envelope.ts'
import type { Kind } from '../../../shared/traffic.ts'
import type { Condition } from './condition.ts'
import type { Glob } from './glob.ts'

/** A policy file word for word. `path` is what a person is shown; `origin` says whose it is. */
export type PolicyFile = { path: string; text: string; origin: 'local' | 'org' }

/** What happens to a call that no rule matches. */
export type DefaultEffect = 'DENY' | 'by_risk'

/**
 * Which calls a rule is about. Every part that is given must fit; a list fits when one of its items does; null means that
 * the part is not given. Seed 001: `match.labels`, `risk_tags`, `mcp.deny_servers_not_in`.
 */
export type Match = {
  servers: readonly Glob[] | null
  tools: readonly Glob[] | null
  actions: readonly Action[] | null
  kinds: readonly Kind[] | null
  /** Names of what is asked for, whatever its kind. */
  names: readonly Glob[] | null
  riskTags: readonly string[] | null
  /** The rule is only about servers that fit none of these. */
  serversNotIn: readonly Glob[] | null
}

/** One rule in the internal form that every format is lowered to. Nothing after the parser knows what it looked like. */
export type Rule = {
  id: string
  effect: Effect
  origin: 'local' | 'org'
  match: Match
  when: Condition | null
  /** 1–5 on REQUIRE_APPROVAL, else null. */
  level: number | null
  /** Highest risk score for which the floor of the precedence list does not apply; null: none. */
  acceptRisk: number | null
  constraints: Constraints
  /** Orders what people read, never the outcome. */
  priority: number
  description: string | null
  /** How decisions name this rule; made once, so that deciding costs no copy. */
  ref: RuleRef
}
