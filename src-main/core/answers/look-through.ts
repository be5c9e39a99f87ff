import type { ConstraintResult } from '../../../shared/audit.ts'
import { boundResult, type ResultBounds, type Withheld } from '../constraints/bound-result.ts'
import { type Message, parseMessage } from '../json/message.ts'
import { wholeValue } from '../json/spans.ts'
import { countByRule, type FindingCount } from '../safety/scan.ts'
import { isPlainlyClean, screenJson } from '../safety/screen.ts'

/** What became of an answer: its line, with its own bytes where nothing was masked or cut, what was found in it, and its bounds. */
export type LookedThrough = {
  line: Buffer
  findings: FindingCount[]
  results: ConstraintResult[]
  withheld: Withheld | null
}

/**
 * Masks secrets and personal data in all of an answer but its id, then holds it to its bounds. Pure: the same here and in a thread. Throws
 * for an answer without an id and for one that is too long to scan.
 */
export function lookThrough(answer: Message, bounds: ResultBounds): LookedThrough {
  if (!answer.id) throw new Error('the answer has no id')
  const { line: scanned, findings } = screenJson(answer.raw, wholeValue(answer.raw), [answer.id.span])
  // Two keys can become one when they are masked; whoever carries the line reads it again.
  const parsed = findings.length > 0 ? parseMessage(scanned) : answer
  return { ...boundResult(scanned, parsed, bounds), findings: countByRule(findings) }
}

/**
 * The same where one pass shows that there is nothing to mask, and no bound wants it read, which is true of most answers; else null. It ends
 * with the first finding, and so takes long for none.
 */
export function lookQuickly(answer: Message, bounds: ResultBounds): LookedThrough | null {
  const { max_rows, mask_fields } = bounds.constraints
  if (!answer.id || max_rows !== undefined || mask_fields !== undefined) return null
  if (!isPlainlyClean(answer.raw)) return null
  return { ...boundResult(answer.raw, answer, bounds), findings: [] }
}
