import type { Decision } from '../../../shared/decision.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import type { ExplainedRule, PolicyExplanation, RulePart, Verdict } from '../../../shared/policy-tools.ts'
import { boundNames, boundOf } from './bounds.ts'
import { candidatesFor, decidePartly, onlyRules } from './decide-partly.ts'
import { decisiveRules } from './decisive-rules.ts'
import { describeRule } from './describe.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import { matchParts } from './explain-parts.ts'
import { lineOf, lineWords } from './line.ts'
import type { Unknown } from './partial-envelope.ts'
import type { Facts } from './precedence.ts'
import type { Rule } from './rule.ts'
import { type Snapshot, withRoles } from './snapshot.ts'

/** A call to explain; `missing` is what of it is not known. */
export type Explained = { envelope: Envelope; missing: ReadonlySet<Unknown>; facts: Facts }

/** What a policy says about one call, rule by rule. */
type Explanation = Pick<PolicyExplanation, 'decision' | 'line' | 'rules' | 'left_out' | 'bounds' | 'missing'>

/** Rules that are listed at most: those that matched come first. */
const mostRules = 2000

/** Matched rules of which it is looked what would be without them. */
const mostRemoved = 500

/** Decides a call and says of every rule whether it matched, why not, and what would be decided without it. */
export function explain({ envelope, missing, facts }: Explained, snapshot: Snapshot): Explanation {
  const { decision, unknown, needs } = decidePartly(envelope, missing, snapshot, facts)
  const known = snapshot.rules.filter((rule) => !unknown.has(rule))
  const sure = unknown.size === 0 ? snapshot : among(envelope, snapshot, unknown)
  const evaluation = evaluate(envelope, sure, facts.today)
  const without = new Map(decision ? decisiveRules(envelope, sure, facts, mostRemoved) : [])
  const named = new Set(decision?.rules.map(({ id }) => id))
  const failed = new Map(evaluation.failed.map(({ rule, error }) => [rule, error.message]))
  const matched = new Set(evaluation.matched)
  const outcome = (rule: Rule): ExplainedRule['outcome'] =>
    unknown.has(rule) ? 'unknown' : matched.has(rule) ? 'matched' : failed.has(rule) ? 'failed' : 'not_matched'
  const first = snapshot.rules.filter((rule) => outcome(rule) !== 'not_matched')
  const rest = known.filter((rule) => outcome(rule) === 'not_matched')
  const listed = [...first.sort((a, b) => Number(named.has(b.id)) - Number(named.has(a.id))), ...rest]
  const rules = listed.slice(0, mostRules).map((rule): ExplainedRule => {
    const how = outcome(rule)
    return {
      rule: describeRule(rule),
      outcome: how,
      parts: partsOf(rule, withRoles(envelope, snapshot), {
        outcome: how,
        error: failed.get(rule),
        today: facts.today,
      }),
      decided: named.has(rule.id),
      without: without.has(rule.id) ? brief(without.get(rule.id) as Decision) : null,
    }
  })
  const line = decision ? lineOf(decision, levelOf(decision, evaluation)) : 0
  const says = decision ? lineWords(line) : 'what was decided depends on what is not known of this call'
  return {
    decision: decision && verdictOf(decision),
    ...{ line: { number: line, says }, rules, left_out: listed.length - rules.length },
    bounds: decision ? boundsOf(decision, evaluation.matched) : [],
    missing: [...needs],
  }
}

/** A decision for people and programs that compare decisions. */
export function verdictOf(decision: Decision): Verdict {
  const { effect, approval_level: level, code, reason, rules, constraints } = decision
  return { effect, level, code, reason, rules: rules.map(({ id }) => id), constraints: { ...constraints } }
}

function among(envelope: Envelope, snapshot: Snapshot, unknown: ReadonlySet<Rule>): Snapshot {
  return onlyRules(
    snapshot,
    candidatesFor(envelope, snapshot).filter((rule) => !unknown.has(rule)),
  )
}

function partsOf(
  rule: Rule,
  envelope: Envelope,
  { outcome, error, today }: { outcome: ExplainedRule['outcome']; error: string | undefined; today: string },
): RulePart[] {
  const all = matchParts(rule, envelope, today)
  const wrong = all.filter(({ fits }) => !fits)
  if (outcome === 'not_matched' && wrong.length > 0) return wrong
  if (!rule.when) return all
  const fits = outcome === 'matched' ? true : outcome === 'not_matched' ? false : null
  const has = {
    matched: 'it holds',
    not_matched: 'it does not hold',
    failed: error ?? '',
    unknown: 'not known any more',
  }
  const condition = { part: 'condition', fits, wants: rule.when.source.trim(), has: has[outcome] }
  return outcome === 'not_matched' ? [condition] : [...all, condition]
}

function levelOf(decision: Decision, { matched }: Evaluation): number | null {
  const named = new Set(decision.rules.map(({ id }) => id))
  const levels = matched.flatMap((rule) => (named.has(rule.id) && rule.level !== null ? [rule.level] : []))
  return levels.length > 0 ? Math.max(...levels) : null
}

function brief({ effect, approval_level: level, code }: Decision): NonNullable<ExplainedRule['without']> {
  return { effect, level, code }
}

function boundsOf({ constraints }: Decision, matched: readonly Rule[]): PolicyExplanation['bounds'] {
  return boundNames.flatMap((bound) => {
    const value = constraints[bound]
    if (value === undefined) return []
    const rules = matched.flatMap((rule) => (rule.constraints[bound] === undefined ? [] : [rule.id]))
    return [{ bound, value: boundOf(bound).words(value), rules }]
  })
}
