import { z } from 'zod'
import { oneOrMore, Tag } from './file-parts.ts'

/** What a rule file says of one level of approval; what it leaves out is as usual. */
export const ApprovalLevelPart = z
  .strictObject({
    level: z.int().min(1).max(5),
    groups: oneOrMore(Tag).optional(),
    answers: z.int().min(1).max(20).optional(),
    own: z.boolean().optional(),
    /** Whether a client may ask its person itself: its word is all there is of that. */
    in_client: z.boolean().optional(),
  })
  .refine(({ level, in_client }) => in_client !== true || level === 1, {
    path: ['in_client'],
    message: 'only level 1 may be answered in the client',
  })

/** What a rule file says of who may approve. */
export const ApprovalsPart = z.array(ApprovalLevelPart).min(1).max(100)
export type ApprovalsPart = z.output<typeof ApprovalsPart>
