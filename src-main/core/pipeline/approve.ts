import { createHold, type Hold } from '../approvals/hold.ts'
import type { Answer, Place } from '../approvals/request.ts'
import { clientDoor } from '../approvals/take-answer.ts'
import { clientDoorOf, questionInClient } from './ask-in-client.ts'
import type { DecidedCall, Deps, SettledCall } from './call.ts'
import { bindingOf, grantSubject } from './grant-subject.ts'
import { editingOf, type Judging } from './judging.ts'
import { denied, unanswered } from './not-approved.ts'
import { mustNotBeQuiet } from './not-now.ts'
import { questionOf } from './question.ts'
import { Refused } from './refused.ts'
import { covers } from './still-settled.ts'

/**
 * Stage 7, first half: settles a decision. What was approved for the call that this one goes on with first, then grants, then people. After an
 * answer the call is decided anew, with the arguments that the person gave it where they did, and what has become stricter than the answer is not carried past (blueprint section 4, stage 7). Throws Refused.
 */
export async function approve(decided: DecidedCall, judging: Judging, deps: Deps): Promise<SettledCall> {
  let call = decided
  let place: Place | null = null
  const { clock } = deps
  const caller = decided.request.caller ?? { arrivedMs: clock.monotonic(), names: [], progress: null }
  // One for all the times that the call is decided: its caller does not wait longer for that.
  const hold = createHold(caller, deps.holding.settings(), clock)
  const door = clientDoorOf(decided, deps)
  try {
    for (;;) {
      if (call.decision.effect === 'DENY') throw denied(call)
      if (call.decision.effect !== 'REQUIRE_APPROVAL') return { ...call, settledBy: { kind: 'policy' } }
      const level = call.decision.approval_level ?? 5
      // Before grants and what was approved: who gave them could not give them now.
      const lacking = deps.whoMay.whyNobody(level, call.request.client)
      if (lacking) throw new Refused('APPROVAL_IMPOSSIBLE', 'blocked', [lacking, call.decision.reason])
      const continued = continuedAt(call, level, deps)
      if (continued) return { ...call, settledBy: continued }
      const subject = grantSubject(call, deps)
      const binding = bindingOf(subject)
      const grant = deps.grants.find(subject, level)
      if (grant) return { ...call, settledBy: { kind: 'grant', grant } }
      if (!place) mustNotBeQuiet(deps)
      // One that waits already is shown; a new one would wait for nobody.
      if (!place && !deps.holding.reachable() && !door.opens(call))
        throw new Refused('APPROVAL_UNREACHABLE', 'unreachable', [call.decision.reason])
      const before: Place | null = place
      place = deps.approvals.request(questionOf(call, { level, binding, editing: editingOf(call, judging) }), subject)
      // Only now: when it is the same request, a person keeps the card that they are looking at.
      before?.leave()
      const answer = await ask(call, place, { hold, door }, deps)
      if (answer.kind !== 'approved' && answer.kind !== 'recheck') throw unanswered(answer, call, place, deps)
      const { fingerprint } = subject
      const edited = answer.kind === 'approved' ? answer.edited : null
      if (edited !== null) judging.edit(edited)
      call = await judging.again()
      // What was edited is what was answered, if the tool is still the same.
      const same = edited === null ? null : call.envelope.tool.fingerprint === fingerprint
      // The word of a client counts for what it still counts for now.
      const counts = answer.kind === 'approved' && (answer.door !== clientDoor || questionInClient(call, deps) !== null)
      if (counts && covers(call, level, same ?? binding, answer.people, deps)) {
        const { approvalId, people, door: at } = answer
        return { ...call, settledBy: { kind: 'person', approvalId, people, inClient: at === clientDoor } }
      }
    }
  } finally {
    place?.leave()
  }
}

/** The approval of the call that this one goes on with, when that was for this tool as it is and for as much; it is used up. */
function continuedAt(call: DecidedCall, level: number, deps: Deps): SettledCall['settledBy'] | null {
  const { continues, request } = call
  const approval = continues?.approval
  if (!continues || !approval || approval.level < level) return null
  if (approval.fingerprint !== call.envelope.tool.fingerprint) return null
  if (!deps.whoMay.enough(level, request.client, approval.people)) return null
  return deps.continuations.spendApproval(request, continues)
    ? { kind: 'continued', approvalId: approval.id, people: approval.people, inClient: false }
    : null
}

type Waiting = { hold: Hold; door: ReturnType<typeof clientDoorOf> }

/** Waits for an answer. Throws Refused for a caller that is told to come back with one. */
async function ask(call: DecidedCall, place: Place, { hold, door }: Waiting, deps: Deps): Promise<Answer> {
  call.trail.held(call, place.id)
  door.askInAnswer(call, place)
  call.request.held?.()
  await deps.probe('held')
  const { serverName, toolName, signal } = call.request
  const quiet = hold.beat(`${serverName} › ${toolName}`, place.expiresMs)
  const answered = place.wait(signal, hold)
  // What is shown says how many calls wait, this one among them.
  const asked = door.askMeanwhile(call, place.id)
  try {
    const answer = await answered
    call.trail.answered(answer)
    return answer
  } finally {
    quiet()
    asked()
  }
}
