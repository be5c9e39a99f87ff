import { z } from 'zod'
import { reviewSteps } from './approval-state.ts'

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
