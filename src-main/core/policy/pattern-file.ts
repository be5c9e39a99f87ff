import { z } from 'zod'
import { anyOf, Description, oneOrMore, Pattern, RuleId } from './file-parts.ts'
import type { Shape } from './shape.ts'

/** The shape of pattern policies: seed 003's format, one policy or a list of them, as they are posted over REST. */

/** What a pattern policy does with the calls that it is about. */
export const patternActions = ['ALLOW', 'EVALUATE', 'DENY'] as const

/** One pattern policy. */
export const PatternPolicy = z.strictObject({
  /** By default made from the name. */
  policy_id: RuleId.optional(),
  policy_name: z.string().min(1).max(200),
  policy_description: Description.optional(),
  server_patterns: oneOrMore(Pattern).optional(),
  namespace_patterns: oneOrMore(Pattern).optional(),
  verb_patterns: oneOrMore(Pattern).optional(),
  resource_patterns: oneOrMore(Pattern).optional(),
  /** The risk score from which on the policy is one step stricter than `action`. */
  risk_threshold: z.int().min(0).max(100).optional(),
  action: z.enum(patternActions),
  required_approval_level: z.int().min(1).max(5).optional(),
  compliance_framework: anyOf(z.string().min(1).max(200)).optional(),
  priority: z.int().min(-1_000_000).max(1_000_000).optional(),
  is_active: z.boolean().optional(),
})
export type PatternPolicy = z.output<typeof PatternPolicy>

/** Several of them in one file. */
export const PatternPolicies = z.array(PatternPolicy).min(1).max(20_000)

/** How messages speak of the maps in a file of pattern policies. */
export const patternFileShape: Shape = {
  file: 'a pattern policy',
  keys: { 'a pattern policy': Object.keys(PatternPolicy.shape) },
  items: { '': 'a pattern policy' },
}
