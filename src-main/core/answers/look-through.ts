import type { ConstraintResult } from '../../../shared/audit.ts'
import { boundResult, type ResultBounds, type Withheld } from '../constraints/bound-result.ts'
import { type Message, parseMessage } from '../json/message.ts'
import { wholeValue } from '../json/spans.ts'
import { countByRule, type FindingCount } from '../safety/scan.ts'
import { screenJson } from '../safety/screen.ts'

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
