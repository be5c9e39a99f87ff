import { reminderDays } from '../../../shared/approval-state.ts'
import type { ToolApproval } from '../../../shared/tool-approval.ts'

const dayMs = 86_400_000

/** An approval that counts for so many days; its review is called for two weeks before, or halfway where that is later. */
export function lifeOf(approval: Omit<ToolApproval, 'expires_at' | 'next_review'>, lifetimeDays: number): ToolApproval {
  const began = Date.parse(approval.at)
  const ends = began + lifetimeDays * dayMs
  const reminds = Math.max(ends - reminderDays * dayMs, (began + ends) / 2)
  return { ...approval, expires_at: new Date(ends).toISOString(), next_review: new Date(reminds).toISOString() }
}
