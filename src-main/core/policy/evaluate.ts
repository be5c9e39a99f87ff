import type { RuleError } from '../../../shared/decision.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { Picture } from './condition-picture.ts'
import type { Rule } from './rule.ts'
import type { Snapshot } from './snapshot.ts'

/** What the rules of a snapshot say about one call, before it is settled which of them wins. */
export type Evaluation = {
  /** Rules that match, in the order of the files. */
  matched: Rule[]
  /** Rules whose labels and tags fit but whose condition could not be evaluated. */
  failed: { rule: Rule; error: RuleError }[]
}

/** Which rules match a call: labels through the index, then risk tags, then conditions, on these candidates only. */
export function evaluate(envelope: Envelope, snapshot: Snapshot): Evaluation {
  const evaluation: Evaluation = { matched: [], failed: [] }
  let picture: Picture | null = null
  const { call, server, tool, names } = envelope
  for (const rule of snapshot.index.candidates(server.name, tool.name, tool.action, { kind: call.kind, names })) {
    if (rule.match.riskTags !== null && !envelope.risk_tags.some((tag) => rule.match.riskTags?.includes(tag))) continue
    if (rule.when === null) {
      evaluation.matched.push(rule)
      continue
    }
    picture ??= new Picture(envelope)
    const holds = rule.when.holds(picture)
    if (typeof holds === 'string') evaluation.failed.push({ rule, error: { rule: rule.id, message: holds } })
    else if (holds) evaluation.matched.push(rule)
  }
  return evaluation
}
