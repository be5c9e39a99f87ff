import { hash } from 'node:crypto'
import type { ApprovalView } from '../../../shared/approval.ts'
import type { NeededPeople } from '../../../shared/people.ts'
import { type Shown, shownText } from './proof.ts'
import type { Request } from './request.ts'

/** What an approval is bound to of what a person sees: how many calls wait, and who answered already, are part of it. */
export function shownOf({ view, waiters }: Request, people: NeededPeople | undefined): Shown {
  const { state: _state, created_at: _created, expires_at: _expires, ...shown } = view
  return { ...shown, waiting: waiters.size, ...peopleIn(people) }
}

/** The request as a person sees it, with the hash that an approval must carry. */
export function viewOf(request: Request, people: NeededPeople | undefined): ApprovalView {
  const { view, waiters, salt } = request
  const until = Math.min(Date.parse(view.expires_at), Math.max(...[...waiters.values()].map((untilMs) => untilMs())))
  const waiting = waiters.size
  const shown_hash = hash('sha256', shownText(shownOf(request, people), salt))
  const caller_waits_until = waiting > 0 ? new Date(until).toISOString() : null
  return { ...view, waiting, caller_waits_until, ...peopleIn(people), shown_hash }
}

/** What several people answer stays as it was asked. */
function peopleIn(people: NeededPeople | undefined) {
  if (!people) return {}
  return people.needed > 1 ? { people, editable: false } : { people }
}
