import type { Answer, Place } from '../approvals/request.ts'
import type { DecidedCall, Deps } from './call.ts'
import { grantSubject } from './grant-subject.ts'
import { coolingLines } from './not-now.ts'
import { Refused } from './refused.ts'

/** After so many seconds a caller may come back: it is held again then, so that sooner would only cost rounds of its model. */
const retryAfterSec = 5

/** The refusal of a call that policy denies: why, by which rule, and what changed. */
export function denied(call: DecidedCall): Refused {
  const { code, reason, rules } = call.decision
  const places = rules
    .filter(({ effect }) => effect === 'DENY')
    .map(({ id, file, line }) => `Rule: ${id} (${file}:${line}).`)
  const changes = call.changes.map((change) => `Changed: ${change}.`)
  return new Refused(
    code ?? 'POLICY_DENIED',
    'blocked',
    [reason, ...places, ...changes],
    call.checked.broken?.retryAfterSec,
  )
}

/** The refusal of a call that no person let run: what became of its request, and how it may be made again. */
export function unanswered(
  answer: Answer,
  call: DecidedCall,
  { expiresMs }: Place,
  deps: Pick<Deps, 'sparing' | 'grants' | 'user'>,
): Refused {
  const request = `Request ${answer.approvalId}, level ${call.decision.approval_level}.`
  const cooling = coolingLines(call, deps)
  switch (answer.kind) {
    case 'denied':
      return new Refused('APPROVAL_DENIED', 'denied', [
        answer.reason ? `They say: ${answer.reason}` : 'They gave no reason.',
      ])
    case 'expired':
      return new Refused('APPROVAL_EXPIRED', 'expired', [request, ...cooling])
    case 'pending': {
      const lines = [
        ...[request, call.decision.reason, ...cooling],
        'The request stays open. A yes that comes late lets exactly this call run once in this session, within 10 minutes, without asking again.',
        ...elsewhereLines(call, deps),
      ]
      const expires_at = new Date(expiresMs).toISOString()
      const facts = { retry: 'same_call' as const, approval_id: answer.approvalId, expires_at }
      return new Refused('APPROVAL_PENDING', 'pending', lines, retryAfterSec, facts)
    }
    default:
      return new Refused('CALL_CANCELLED', 'cancelled')
  }
}

/** A yes is for the session that asked, so whoever comes back in a new one learns why it does not count. */
function elsewhereLines(call: DecidedCall, deps: Pick<Deps, 'grants' | 'user'>): string[] {
  return deps.grants.elsewhere(grantSubject(call, deps))
    ? ['A yes to exactly this call exists, for another session of this client: it does not count in this one.']
    : []
}
