import { z } from 'zod'
import { Constraints, RateLimit } from '../../../shared/constraints.ts'
import { effects } from '../../../shared/decision.ts'
import { actions } from '../../../shared/envelope.ts'
import { RiskPart } from '../../../shared/risk-part.ts'
import { kinds } from '../../../shared/traffic.ts'
import { ApprovalLevelPart, ApprovalsPart } from './approvals-part.ts'
import { Description, oneOrMore, Pattern, RuleId, Tag } from './file-parts.ts'
import type { Shape } from './shape.ts'

/** The shape of a rule file: seed 001's format and our additions. Keys are strict: a typing slip must fail, not be ignored. */

const Labels = z.strictObject({
  'mcp.server': oneOrMore(Pattern).optional(),
  'mcp.tool': oneOrMore(Pattern).optional(),
  'mcp.action': oneOrMore(z.enum([...actions, '*'])).optional(),
  'mcp.kind': oneOrMore(z.enum([...kinds, '*'])).optional(),
  'mcp.name': oneOrMore(Pattern).optional(),
})

const Mcp = z.strictObject({ deny_servers_not_in: oneOrMore(Pattern) })

const MatchPart = z.strictObject({
  labels: Labels.optional(),
  risk_tags: oneOrMore(Tag).optional(),
  mcp: Mcp.optional(),
})

const RulePart = z.strictObject({
  id: RuleId,
  description: Description.optional(),
  match: MatchPart.optional(),
  /** Accepted here as well as under `match`, because the published example has lost its indentation. */
  mcp: Mcp.optional(),
  when: z.string().min(1).max(4000).optional(),
  decision: z.enum(effects),
  level: z.int().min(1).max(5).optional(),
  accept_risk: z.int().min(0).max(100).optional(),
  constraints: Constraints.optional(),
  reason: z.string().min(1).max(500).optional(),
  priority: z.int().min(-1_000_000).max(1_000_000).optional(),
})
export type RulePart = z.output<typeof RulePart>

/** One file of rules. */
export const RuleFile = z.strictObject({
  version: z.literal('v1'),
  description: Description.optional(),
  default: z.enum(['deny', 'by_risk']).optional(),
  risk: RiskPart.optional(),
  observe: z.literal('forbidden').optional(),
  approvals: ApprovalsPart.optional(),
  rules: z.array(RulePart).min(1),
})
export type RuleFile = z.output<typeof RuleFile>

/** How messages speak of the maps in a rule file. */
export const ruleFileShape: Shape = {
  file: 'a rule file',
  keys: {
    'a rule file': Object.keys(RuleFile.shape),
    'a rule': Object.keys(RulePart.shape),
    'a level of approval': Object.keys(ApprovalLevelPart.shape),
    '`match`': Object.keys(MatchPart.shape),
    '`labels`': Object.keys(Labels.shape),
    '`mcp`': Object.keys(Mcp.shape),
    '`constraints`': Object.keys(Constraints.shape),
    '`rate_limit`': Object.keys(RateLimit.shape),
    '`risk`': Object.keys(RiskPart.shape),
    '`points`': Object.keys(RiskPart.shape.points.shape),
  },
  items: { rules: 'a rule', approvals: 'a level of approval' },
}
