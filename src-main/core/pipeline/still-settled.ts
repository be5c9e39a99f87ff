import type { GivenBy } from '../approvals/who-may.ts'
import { questionInClient } from './ask-in-client.ts'
import type { DecidedCall, Deps, SettledCall } from './call.ts'
import { bindingOf, grantSubject } from './grant-subject.ts'

/** A call that was decided anew since it was settled, by what settled it; null when that does not settle what is decided now. */
export function stillSettled(settled: SettledCall, now: DecidedCall, deps: Deps): SettledCall | null {
  const { settledBy, decision } = settled
  const { effect, approval_level } = now.decision
  if (effect === 'DENY' || (effect === 'REQUIRE_APPROVAL') === (settledBy.kind === 'policy')) return null
  switch (settledBy.kind) {
    case 'policy':
      return { ...now, settledBy }
    case 'grant': {
      const grant = deps.grants.find(grantSubject(now, deps), approval_level ?? 5)
      return grant && { ...now, settledBy: { kind: 'grant', grant } }
    }
    case 'person':
    case 'continued': {
      // The word of a client counts for what it still counts for now.
      if (settledBy.inClient && questionInClient(now, deps) === null) return null
      const bound = bindingOf(grantSubject(settled, deps))
      return covers(now, decision.approval_level ?? 5, bound, settledBy.people, deps) ? { ...now, settledBy } : null
    }
  }
}

/**
 * True when an approval at `level` for `bound` by these people still settles what is decided now; a boolean says whether that is still what
 * was answered.
 */
export function covers(
  call: DecidedCall,
  level: number,
  bound: string | boolean,
  people: readonly GivenBy[],
  deps: Deps,
): boolean {
  if (call.decision.effect !== 'REQUIRE_APPROVAL') return false
  const now = call.decision.approval_level ?? 5
  if (!deps.whoMay.enough(now, call.request.client, people)) return false
  const same = typeof bound === 'boolean' ? bound : bindingOf(grantSubject(call, deps)) === bound
  return now <= level && same
}
