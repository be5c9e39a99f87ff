import type { Constraints } from '../../../shared/constraints.ts'
import type { Alert, Effect, RuleRef } from '../../../shared/decision.ts'
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
  /** Seed 002's `tool`: the name of a tool, alone, after its server and a dot, or after its namespace and a dot. */
  fullNames: readonly Glob[] | null
  /** Seed 003: its namespace, or the module that its review puts it in. */
  namespaces: readonly Glob[] | null
  verbs: readonly Glob[] | null
  /** Canonical paths and URIs. One that fits is enough for a rule that forbids or asks; one that lets through must fit all. */
  resources: readonly Glob[] | null
  /** Role groups of the user; null: anybody. Empty: nobody. */
  roles: readonly string[] | null
  /** The rule is only about users who have none of these. */
  rolesNotIn: readonly string[] | null
  /** The lowest risk score that the rule is about. */
  fromRisk: number | null
  /** Days, as YYYY-MM-DD in UTC: after the one, and up to the other, the rule is about something. */
  afterDay: string | null
  toDay: string | null
}

/** A match that asks for nothing; what a format says is put over it. */
export const anyCall: Match = {
  servers: null,
  tools: null,
  actions: null,
  kinds: null,
  names: null,
  riskTags: null,
  serversNotIn: null,
  fullNames: null,
  namespaces: null,
  verbs: null,
  resources: null,
  roles: null,
  rolesNotIn: null,
  fromRisk: null,
  afterDay: null,
  toDay: null,
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
  /** What people are told of when it happens to a call that the rule is about. */
  alerts: readonly Alert[]
  /** The arguments of its calls are kept, sealed, for as long as content is (seed 002, `audit.log_full_query`). */
  keepArguments: boolean
  /** Orders what people read, never the outcome. */
  priority: number
  description: string | null
  /** How decisions name this rule; made once, so that deciding costs no copy. */
  ref: RuleRef
}

/** Whether a rule holds calls back: then one reading of a call that fits is enough for it, since the server may take that one. */
export function isStrict(effect: Effect): boolean {
  return effect === 'DENY' || effect === 'REQUIRE_APPROVAL'
}
