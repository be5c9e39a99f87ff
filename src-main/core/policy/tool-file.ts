import { z } from 'zod'
import { Constraints, RateLimit } from '../../../shared/constraints.ts'
import { alerts } from '../../../shared/decision.ts'
import { anyOf, Description, Pattern, RuleId, Tag } from './file-parts.ts'
import type { Shape } from './shape.ts'

/** The shape of a per-tool file: seed 002's format and our additions `id`, `server` and `description`. */

const Dlp = z.strictObject({ scan_response: z.boolean().optional(), mask_fields: Constraints.shape.mask_fields })

const AuditPart = z.strictObject({
  log_full_query: z.boolean().optional(),
  log_response_hash: z.boolean().optional(),
  alert_on: anyOf(z.enum(alerts)).optional(),
})

const Review = z.strictObject({ next_review: z.iso.date().optional(), owner: z.string().min(1).max(200).optional() })

/** One file about one tool. */
export const ToolFile = z.strictObject({
  /** By default made from the tool's name. */
  id: RuleId.optional(),
  /** `tool`, `server.tool` or `namespace.verb`. */
  tool: Pattern,
  server: Pattern.optional(),
  description: Description.optional(),
  /** Who may use it; everybody when it is missing, nobody when it is empty. */
  roles: anyOf(Tag).optional(),
  constraints: Constraints.optional(),
  dlp: Dlp.optional(),
  audit: AuditPart.optional(),
  review: Review.optional(),
})
export type ToolFile = z.output<typeof ToolFile>

/** How messages speak of the maps in a per-tool file. */
export const toolFileShape: Shape = {
  file: 'a per-tool file',
  keys: {
    'a per-tool file': Object.keys(ToolFile.shape),
    '`constraints`': Object.keys(Constraints.shape),
    '`rate_limit`': Object.keys(RateLimit.shape),
    '`dlp`': Object.keys(Dlp.shape),
    '`audit`': Object.keys(AuditPart.shape),
    '`review`': Object.keys(Review.shape),
  },
  items: {},
}
