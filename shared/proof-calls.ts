import { z } from 'zod'
import { ApprovalProof, KeptArguments, ShownContent } from './proof.ts'

/** The rows of `shared/calls.ts` about what an answer proves afterwards. */
export const proofCalls = {
  /** What an answered request proves, with what was shown, masked; that it was read is recorded. */
  'approvals.proof': {
    doors: ['terminal', 'app', 'approval'],
    presence: false,
    input: z.strictObject({ approval_id: z.string() }),
    output: ApprovalProof,
  },
  /** What was shown, whole and unmasked, for somebody who is there and says what for; both are recorded. */
  'approvals.shown': {
    doors: ['terminal', 'approval'],
    presence: true,
    input: z.strictObject({ approval_id: z.string(), why: z.string().trim().min(1).max(1000) }),
    output: ShownContent,
  },
  /** The arguments of a call that a rule said to keep, for somebody who is there and says what for; both are recorded. */
  'activity.arguments': {
    doors: ['terminal', 'approval'],
    presence: true,
    input: z.strictObject({ call_id: z.string(), why: z.string().trim().min(1).max(1000) }),
    output: KeptArguments,
  },
} as const
