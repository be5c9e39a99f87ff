import type { ApprovalView } from '../../shared/approval.ts'
import { requestLines } from '../../shared/approval-text.ts'
import { distance } from './format.ts'

/** Everything a person needs to decide about a request that waits, arguments exact and whole. */
export function approvalLines(view: ApprovalView, now: number): string[] {
  const asked = distance(Date.parse(view.created_at), now)
  const left = distance(now, Date.parse(view.expires_at))
  return requestLines(view, `asked ${asked} ago, denied by itself in ${left}`)
}
