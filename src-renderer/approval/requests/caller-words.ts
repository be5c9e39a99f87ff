import type { ApprovalView } from '../../../shared/approval.ts'
import { waitingWords } from './shown-changes.ts'

type Facts = Pick<ApprovalView, 'waiting' | 'caller_waits_until' | 'expires_at' | 'client'>

/** Near enough to the end of the request that the difference is of no use to anybody, in milliseconds. */
const same = 2_000

/** Whom an answer still reaches at `now` (milliseconds since 1970); null when nothing is to be said. `late`: nobody waits. */
export function callerWords(view: Facts, now: number): { text: string; late: boolean } | null {
  const { waiting, caller_waits_until: until, expires_at } = view
  const left = until === null ? null : Math.ceil((Date.parse(until) - now) / 1_000)
  if (waiting === 0 || (left !== null && left <= 0)) {
    const text = `${view.client.name} no longer waits. If you allow it, the same call runs once when this session makes it again.`
    return { text, late: true }
  }
  const alike = waiting > 1 ? `${waitingWords(waiting)}: your answer is for all of them. ` : ''
  if (left === null || Date.parse(until ?? '') >= Date.parse(expires_at) - same) {
    return alike === '' ? null : { text: alike.trim(), late: false }
  }
  const time = left < 100 ? `${left} s` : `${Math.round(left / 60)} min`
  return {
    text: `${alike}${view.client.name} waits ${time} more; after that a yes counts when it asks again in this session.`,
    late: false,
  }
}
