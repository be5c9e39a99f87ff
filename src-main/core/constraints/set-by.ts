import type { Constraints } from '../../../shared/constraints.ts'
import type { Decision } from '../../../shared/decision.ts'
import type { Rule } from '../policy/rule.ts'
import type { Snapshot } from '../policy/snapshot.ts'

const byId = new WeakMap<Snapshot, Map<string, Rule>>()

/** The rules of a snapshot by id; read once for each snapshot, since every bounded call asks. */
function rulesById(snapshot: Snapshot): Map<string, Rule> {
  const known = byId.get(snapshot)
  if (known) return known
  const made = new Map(snapshot.rules.map((rule) => [rule.id, rule]))
  byId.set(snapshot, made)
  return made
}

/** The rules among those that a decision matched which bound it, in the order of the files. */
export function boundingRules(decision: Decision, snapshot: Snapshot | null): Rule[] {
  if (!snapshot) return []
  const rules = rulesById(snapshot)
  return decision.matched.flatMap((id) => {
    const rule = rules.get(id)
    return rule && Object.keys(rule.constraints).length > 0 ? [rule] : []
  })
}

/** What is needed of a rule to say which bounds it sets. */
export type Setter = Pick<Rule, 'id' | 'constraints'>

/** Whether a rule that is about the call says that its arguments are kept. */
export function keepsArguments(decision: Decision, snapshot: Snapshot | null): boolean {
  if (!snapshot) return false
  const rules = rulesById(snapshot)
  return decision.matched.some((id) => rules.get(id)?.keepArguments === true)
}

/** Those of `rules` that set one bound. */
export function settersOf<R extends Setter>(rules: readonly R[], bound: keyof Constraints): R[] {
  return rules.filter(({ constraints }) => constraints[bound] !== undefined)
}
