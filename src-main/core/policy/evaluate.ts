import type { RuleError } from '../../../shared/decision.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { patternBudget, patternMeter } from './condition-language.ts'
import { Picture } from './condition-picture.ts'
import { workBudget, workMeter } from './condition-work.ts'
import { fitsCall } from './fits-call.ts'
import { globBudget, globMeter } from './glob.ts'
import type { Rule } from './rule.ts'
import { subjectOf } from './rule-index.ts'
import { type Snapshot, withRoles } from './snapshot.ts'

/** What the rules of a snapshot say about one call, before it is settled which of them wins. */
export type Evaluation = {
  /** Rules that match, in the order of the files. */
  matched: Rule[]
  /** Rules of which all else fits but whose condition could not be evaluated. */
  failed: { rule: Rule; error: RuleError }[]
}

/** Which rules match a call: its subject through the index, then what depends on the request, then conditions. */
export function evaluate(asked: Envelope, snapshot: Snapshot, today: string): Evaluation {
  const evaluation: Evaluation = { matched: [], failed: [] }
  const envelope = withRoles(asked, snapshot)
  let picture: Picture | null = null
  globMeter.left = globBudget
  patternMeter.left = patternBudget
  workMeter.left = workBudget
  for (const rule of snapshot.index.candidates(subjectOf(envelope))) {
    if (!fitsCall(rule, envelope, today)) continue
    if (rule.when === null) {
      evaluation.matched.push(rule)
      continue
    }
    picture ??= new Picture(envelope)
    const holds = rule.when.holds(picture)
    if (typeof holds === 'string') {
      evaluation.failed.push({ rule, error: { rule: rule.id, message: holds } })
      if (!isComplete(evaluation)) break
    } else if (holds) evaluation.matched.push(rule)
  }
  return evaluation
}

/** One error denies the call. To find thousands more takes longer than a decision may, and would fill the record. */
const mostFailed = 50

/** Whether the evaluation that was made last may go on: it is within its budgets, and has not failed often enough. */
export function isComplete({ failed }: Evaluation): boolean {
  return failed.length < mostFailed && patternMeter.left >= 0 && workMeter.left >= 0 && globMeter.left >= 0
}
