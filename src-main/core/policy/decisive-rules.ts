import type { Decision } from '../../../shared/decision.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { type Evaluation, evaluate, isComplete } from './evaluate.ts'
import { globBudget, globMeter } from './glob.ts'
import { decide, decideOn, type Facts } from './precedence.ts'
import type { Rule } from './rule.ts'
import { indexRules } from './rule-index.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * Exactly the rules of which each one alone, were it removed, would change what is decided about a call: the effect, its code, the
 * level, the bounds, or who is alerted. Of two rules that both deny, none is decisive.
 * Their ids, and what would be decided without each. Looks at `most` rules that match at most, since each is a decision.
 */
export function decisiveRules(
  envelope: Envelope,
  snapshot: Snapshot,
  facts: Facts,
  most = Number.POSITIVE_INFINITY,
): Map<string, Decision> {
  const decision = decide(envelope, snapshot, facts)
  const exact = evaluateAll(envelope, snapshot, facts)
  const without = (rule: Rule): Decision => {
    try {
      globMeter.left = globBudget
      if (exact) return decideOn(envelope, snapshot, evaluationWithout(exact, rule), facts)
    } catch {
      // Access policies ran into the budget of patterns; deciding anew says so as a decision.
    }
    return decide(envelope, withoutRule(snapshot, rule), facts)
  }
  const involved = exact === null ? snapshot.rules : [...exact.matched, ...exact.failed.map(({ rule }) => rule)]
  const decisive = new Map<string, Decision>()
  for (const rule of involved.slice(0, most)) {
    const other = without(rule)
    if (outcome(other) !== outcome(decision)) decisive.set(rule.id, other)
  }
  return decisive
}

/**
 * What the rules say of a call; null when not all were asked. Then each rule changes which others are, and only deciding anew
 * without it tells what it does.
 */
function evaluateAll(envelope: Envelope, snapshot: Snapshot, facts: Facts): Evaluation | null {
  try {
    const evaluation = evaluate(envelope, snapshot, facts.today)
    return isComplete(evaluation) ? evaluation : null
  } catch {
    return null
  }
}

function withoutRule(snapshot: Snapshot, removed: Rule): Snapshot {
  const rules = snapshot.rules.filter((rule) => rule !== removed)
  return { ...snapshot, rules, index: indexRules(rules) }
}

function evaluationWithout({ matched, failed }: Evaluation, removed: Rule): Evaluation {
  return { matched: matched.filter((rule) => rule !== removed), failed: failed.filter(({ rule }) => rule !== removed) }
}

function outcome({ effect, code, approval_level, constraints, alerts, observed }: Decision): string {
  return JSON.stringify([effect, code, approval_level, constraints, alerts, observed])
}
