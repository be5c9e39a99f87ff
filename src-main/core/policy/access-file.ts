import { z } from 'zod'
import { Tenant } from '../../../shared/credential.ts'
import { actions, classifications } from '../../../shared/envelope.ts'
import { anyOf, Description, oneOrMore, Pattern, RuleId, Tag } from './file-parts.ts'
import type { Shape } from './shape.ts'

/** The shape of a file of access policies: what seed 000 calls tool policies, to whom they are bound, and who has which role. */

const Name = z.string().min(1).max(200)

/** Tools by full name, module, tag, or by how a full name begins. */
const SelectionPart = z.strictObject({
  tools: anyOf(Pattern).optional(),
  modules: anyOf(Tag).optional(),
  tags: anyOf(Tag).optional(),
  prefixes: anyOf(Tag).optional(),
})
export type SelectionPart = z.output<typeof SelectionPart>

const AccessPart = z.strictObject({
  id: RuleId,
  description: Description.optional(),
  allow_all: z.boolean().optional(),
  allow: SelectionPart.optional(),
  block: SelectionPart.optional(),
  max_classification: z.enum(classifications).optional(),
  max_action: z.enum(actions).optional(),
  archived: z.boolean().optional(),
})
export type AccessPart = z.output<typeof AccessPart>

const BindingPart = z.strictObject({
  policy: RuleId,
  /** Ids or names. */
  clients: oneOrMore(Name).optional(),
  roles: oneOrMore(Tag).optional(),
  /** It holds only while the client works for this tenant. */
  tenant: Tenant.optional(),
})
export type BindingPart = z.output<typeof BindingPart>

/** One file of access policies. */
export const AccessFile = z.strictObject({
  version: z.literal('v1'),
  description: Description.optional(),
  access_policies: z.array(AccessPart).min(1).max(1000).optional(),
  bindings: z.array(BindingPart).min(1).max(1000).optional(),
  /** Role groups of the person whose gateway this is. */
  user_roles: anyOf(Tag).optional(),
})
export type AccessFile = z.output<typeof AccessFile>

/** How messages speak of the maps in a file of access policies. */
export const accessFileShape: Shape = {
  file: 'a file of access policies',
  keys: {
    'a file of access policies': Object.keys(AccessFile.shape),
    'an access policy': Object.keys(AccessPart.shape),
    'a binding': Object.keys(BindingPart.shape),
    '`allow`': Object.keys(SelectionPart.shape),
    '`block`': Object.keys(SelectionPart.shape),
  },
  items: { access_policies: 'an access policy', bindings: 'a binding' },
}
