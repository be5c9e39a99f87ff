import type { CallRow } from '../../shared/activity.ts'
import type { Outcome } from '../../shared/audit.ts'
import type { Tone } from '../ui/tone.tsx'

type Look = { tone: Tone; word: string }

const looks: Record<Outcome, Look> = {
  executed: { tone: 'allowed', word: 'Allowed' },
  executed_with_constraints: { tone: 'constrained', word: 'Constrained' },
  tool_error: { tone: 'resting', word: 'Tool failed' },
  blocked: { tone: 'denied', word: 'Denied' },
  pending: { tone: 'asked', word: 'Told to retry' },
  denied: { tone: 'denied', word: 'Denied by a person' },
  expired: { tone: 'denied', word: 'Not answered' },
  unreachable: { tone: 'denied', word: 'Nobody to ask' },
  cancelled: { tone: 'resting', word: 'Cancelled' },
  failed: { tone: 'resting', word: 'Failed' },
  withheld: { tone: 'quarantined', word: 'Withheld' },
  interrupted: { tone: 'resting', word: 'Interrupted' },
}

/** How a call stands or ended, in a hue and a word. */
export function lookOfCall({
  outcome,
  state,
  decision,
  kind = 'tool',
  observed = null,
}: Pick<CallRow, 'outcome' | 'state' | 'decision'> & Partial<Pick<CallRow, 'kind' | 'observed'>>): Look {
  if (outcome === 'tool_error' && kind !== 'tool') return { tone: 'resting', word: 'Error' }
  if (outcome === 'executed' && observed !== null) return { tone: 'observed', word: 'Observed' }
  if (outcome === 'executed' && decision === 'REQUIRE_APPROVAL') return { tone: 'allowed', word: 'Approved' }
  if (outcome !== null) return looks[outcome]
  if (state === 'held') return { tone: 'asked', word: 'Waits for you' }
  if (decision === 'DENY') return looks.blocked
  return { tone: 'resting', word: 'Running' }
}

/** The tool was reached. */
export function ran({ outcome }: Pick<CallRow, 'outcome'>): boolean {
  return (
    outcome === 'executed' ||
    outcome === 'executed_with_constraints' ||
    outcome === 'tool_error' ||
    outcome === 'withheld'
  )
}

/** A person was asked, whatever came of it. */
export function asked({ wait_ms, state, decision }: Pick<CallRow, 'wait_ms' | 'state' | 'decision'>): boolean {
  return wait_ms !== null || state === 'held' || state === 'answered' || decision === 'REQUIRE_APPROVAL'
}

/** The call was not made, because of a rule, a person or nobody's answer. */
export function refused({ outcome }: Pick<CallRow, 'outcome'>): boolean {
  return outcome === 'blocked' || outcome === 'denied' || outcome === 'expired' || outcome === 'unreachable'
}
