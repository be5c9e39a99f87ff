import type { Decision } from '../../../shared/decision.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { evaluate } from './evaluate.ts'
import { lineOf } from './line.ts'
import { type PartialEnvelope, partialEnvelope, type Unknown } from './partial-envelope.ts'
import { decide, type Facts } from './precedence.ts'
import type { Rule } from './rule.ts'
import { subjectOf } from './rule-index.ts'
import type { Snapshot } from './snapshot.ts'

/** What can be told of a call of which not everything is known. */
export type PartialDecision = {
  /** Null when it depends on what is not known. */
  decision: Decision | null
  /** The rules about which it cannot be told whether they match. */
  unknown: ReadonlySet<Rule>
  /** What they look at. */
  needs: ReadonlySet<Unknown>
}

const nothing: ReadonlySet<never> = new Set<never>()

/**
 * Decides a call of which something is not known. Where rules look at that, the call is denied for sure when the others deny
 * it; else nothing is certain, since a rule that cannot be told to match may deny, ask, or fail.
 */
export function decidePartly(
  envelope: Envelope,
  missing: ReadonlySet<Unknown>,
  snapshot: Snapshot | null,
  facts: Facts,
): PartialDecision {
  const partial = partialEnvelope(envelope, missing)
  const decision = decide(partial.envelope, snapshot, facts)
  if (partial.touched.size === 0 || !snapshot) return { decision, unknown: nothing, needs: nothing }
  const needs = new Set(partial.touched)
  const candidates = candidatesFor(envelope, snapshot)
  const unknown = new Set(candidates.filter((rule) => looks(rule, envelope, missing, snapshot, facts)))
  const rest = candidates.filter((rule) => !unknown.has(rule))
  const sure = decideAmong(rest, partialEnvelope(envelope, missing), snapshot, facts)
  return { decision: sure && sure.effect === 'DENY' && lineOf(sure, null) <= 3 ? sure : null, unknown, needs }
}

/** The rules that fit what is asked for. */
export function candidatesFor(envelope: Envelope, snapshot: Snapshot): readonly Rule[] {
  return snapshot.index.candidates(subjectOf(envelope))
}

/** What a policy of only these rules decides. */
export function onlyRules(snapshot: Snapshot, rules: readonly Rule[]): Snapshot {
  return { ...snapshot, rules, index: { candidates: () => rules } }
}

function looks(
  rule: Rule,
  envelope: Envelope,
  missing: ReadonlySet<Unknown>,
  snapshot: Snapshot,
  { today }: Facts,
): boolean {
  const partial = partialEnvelope(envelope, missing)
  evaluate(partial.envelope, onlyRules(snapshot, [rule]), today)
  return partial.touched.size > 0
}

/** Null when these rules look at what is not known too. */
function decideAmong(
  rules: readonly Rule[],
  partial: PartialEnvelope,
  snapshot: Snapshot,
  facts: Facts,
): Decision | null {
  const decision = decide(partial.envelope, onlyRules(snapshot, rules), facts)
  return partial.touched.size > 0 ? null : decision
}
