import { isDeepStrictEqual } from 'node:util'
import type { DecidedCall, Deps, JudgedCall, OpenCall } from './call.ts'
import { constrain } from './constrain.ts'
import { decide } from './decide.ts'
import { look } from './look.ts'
import { pin } from './pin.ts'
import { Refused } from './refused.ts'
import { score } from './score.ts'

/** So often a call is judged, when something has changed each time by the end of it. */
const mostRounds = 5

/**
 * Stages 2 to 6: what a call is, and what policy and its bounds say of it, as it is when this resolves: reading SQL takes its time, and where policy, the
 * server, its tool or who asks have become others meanwhile, the call is judged over. It changes and records nothing. Rejects as `look` does, and
 * with DECISION_UNSETTLED when there is no end of changes.
 */
export async function judge(call: OpenCall, deps: Deps): Promise<DecidedCall> {
  for (let round = 0; round < mostRounds; round++) {
    const judged = await constrain(decide(score(await look(call, deps), deps), deps), deps)
    // What is denied does not run, whatever has become of it.
    if (!judged.checked.waited || judged.decision.effect === 'DENY') return judged
    const now = await decidedNow(judged, deps)
    if (now) return now
  }
  throw new Refused('DECISION_UNSETTLED', 'blocked')
}

/** A call with what is decided on it right now; null when that is not what it was checked under, so that it must be judged over. */
export async function decidedNow<Call extends DecidedCall>(call: Call, deps: Deps): Promise<Call | null> {
  const now = decide(score({ ...call, ...(await pin(call, deps)) }, deps), deps)
  return isDeepStrictEqual(basisOf(now), basisOf(call)) ? { ...call, ...now } : null
}

/** All that the check of a call went by. Its risk may be another, as long as that decides nothing. */
function basisOf({ decision, envelope, server, tool }: JudgedCall) {
  const { effect, approval_level, constraints, matched, snapshot, observed, overridden = false } = decision
  const decided = { effect, approval_level, constraints, matched, snapshot, observed, overridden }
  return { ...decided, action: envelope.tool.action, tool, launch: server?.launch, dialect: server?.sql_dialect }
}
