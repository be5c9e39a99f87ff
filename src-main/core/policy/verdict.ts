import type { Decision, RuleRef } from '../../../shared/decision.ts'
import type { ReasonCode } from '../../../shared/errors.ts'

/** What a line of the precedence list says; the rest of a decision is the same whichever line it was. */
export type Verdict = Pick<
  Decision,
  'effect' | 'code' | 'reason' | 'rules' | 'constraints' | 'approval_level' | 'observed' | 'overridden'
>

/** A verdict that the call is not made. */
export function denied(code: ReasonCode, reason: string, rules: RuleRef[] = []): Verdict {
  return { effect: 'DENY', code, reason, rules, constraints: {}, approval_level: null, observed: null }
}
