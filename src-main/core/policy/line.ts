import type { Decision } from '../../../shared/decision.ts'
import type { ReasonCode } from '../../../shared/errors.ts'

/** The lines of the precedence list (precedence.ts) in words, by number; 0 is what is built in and asks no policy. */
const lines: readonly string[] = [
  'what is built in refuses this call before any policy is asked',
  'an error anywhere in evaluation, or no policy at all, denies',
  'a call is denied while all is stopped, and of what is not registered, not as it was reviewed or due to be reviewed again, or beyond the scopes of its token',
  'any matching rule that denies wins',
  'the access policies of the client must allow the tool',
  'the strictest matching rule decides, under the constraints of all that match',
  'a risk score above the floor asks a person unless a deciding rule accepts it, and so does a call across tenants',
  'no rule matched, so the default decides',
]

const byCode: Partial<Record<ReasonCode, number>> = {
  ...{ POLICY_MISSING: 1, POLICY_ERROR: 1 },
  ...{ STOPPED: 2, SERVER_UNKNOWN: 2, TOOL_UNKNOWN: 2, TOOL_CHANGED: 2, TOOL_NOT_REVIEWED: 2 },
  ...{ TOOL_REVIEW_DUE: 2 },
  ...{
    SCOPE_MISSING: 2,
    POLICY_DENIED: 3,
    ACCESS_DENIED: 4,
    CONSTRAINT_CONFLICT: 5,
    CONSTRAINT_UNENFORCEABLE: 5,
    NO_RULE: 7,
  },
}

/** Which line of the precedence list made a decision; `asked` is the highest level that a deciding rule asks for, or null. */
export function lineOf({ code, rules, approval_level: level }: Decision, asked: number | null): number {
  if (code !== null) return lineOfCode(code)
  if (rules.length === 0) return 7
  return level !== null && level > (asked ?? 0) ? 6 : 5
}

/** Which line denies with this code. */
export function lineOfCode(code: ReasonCode): number {
  return byCode[code] ?? 0
}

/** A line of the precedence list in words. */
export function lineWords(line: number): string {
  return lines[line] ?? ''
}
