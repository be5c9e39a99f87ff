import { z } from 'zod'

/** Before an approval of a tool ends, so many days, its review is called for. */
export const reminderDays = 14

/** A tool that nobody called for so many days is proposed for removal (seed 002, quarterly review). */
export const unusedDays = 91

/** Who approved a tool, when, and until when that counts (seed 002, tool approval workflow). */
export const ToolApproval = z.strictObject({
  /** The user of this machine; `tier 1` where the settings let such tools in without anybody. */
  by: z.string(),
  /** Through which door; empty where nobody came through one. */
  door: z.string(),
  /** The level that the approval took: the tier of the tool, or of what was proposed where that is higher. */
  level: z.int().min(1).max(5),
  at: z.string(),
  /** From then on the tool is held until it is reviewed again. */
  expires_at: z.string(),
  /** From then on its review is called for. */
  next_review: z.string(),
})
export type ToolApproval = z.infer<typeof ToolApproval>

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

/** How an approval stands at a time in milliseconds since 1970. */
export function approvalState(approval: ToolApproval, now: number): ApprovalState {
  if (Date.parse(approval.expires_at) <= now) return 'review_due'
  return Date.parse(approval.next_review) <= now ? 'review_soon' : 'current'
}

/** How a tool stands in its workflow: what is done, and the step that it is at. */
export const ToolProgress = z.strictObject({
  tool: z.string(),
  /** The first step that is not done; null when all are. */
  step: z.enum(reviewSteps).nullable(),
  /** What is to be done for it, in words; empty when nothing is. */
  why: z.string(),
  approval: ToolApproval.nullable(),
  /** Null when it was never called, as far as the record tells. */
  last_used: z.string().nullable(),
})
export type ToolProgress = z.infer<typeof ToolProgress>

/** A reviewed tool that nobody called for a quarter. */
export const UnusedTool = z.strictObject({
  server: z.string(),
  tool: z.string(),
  approved_at: z.string(),
  last_used: z.string().nullable(),
})
export type UnusedTool = z.infer<typeof UnusedTool>
