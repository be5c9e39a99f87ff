/** Before an approval of a tool ends, so many days, its review is called for. */
export const reminderDays = 14

/** A tool that nobody called for so many days is proposed for removal (seed 002, quarterly review). */
export const unusedDays = 91

/** The steps of a tool from its registration on (seed 002), in order. */
export const reviewSteps = [
  'registration',
  'security_review',
  'classification',
  'policy_binding',
  'periodic_review',
] as const
export type ReviewStep = (typeof reviewSteps)[number]

/** How a reviewed tool stands to its approval. */
export const approvalStates = ['current', 'review_soon', 'review_due'] as const
export type ApprovalState = (typeof approvalStates)[number]

type Life = { expires_at: string; next_review: string }

/** How an approval stands at a time in milliseconds since 1970. */
export function approvalState(approval: Life, now: number): ApprovalState {
  if (Date.parse(approval.expires_at) <= now) return 'review_due'
  return Date.parse(approval.next_review) <= now ? 'review_soon' : 'current'
}
