import type { ToolReview } from '../../../shared/server.ts'
import { proposeAction } from './classify.ts'
import { annotationsOf, type ToolDefinition } from './definition.ts'
import { createNameSigns, namesOf } from './name-signs.ts'
import { propose } from './review.ts'
import type { Server } from './server-record.ts'

/** A server that offers more than this wants to be looked at. */
const mostTools = 500

/**
 * The review of a tool that needs nobody (seed 002, tier 1): its name and its annotations both say that it only reads, nothing
 * about it is odd, nothing that it handles is sensitive, and people trust its server at least a little. Null for any other.
 */
export function autoApproved(server: Server, live: ToolDefinition, all: Iterable<Server>): ToolReview | null {
  if (server.tools.size >= mostTools) return null
  const { readOnlyHint, destructiveHint, openWorldHint } = annotationsOf(live)
  const named = proposeAction({ ...live, annotations: undefined })
  const plain = readOnlyHint === true && destructiveHint !== true && openWorldHint !== true
  if (!plain || named.action !== 'read' || server.trust_level === 'sandbox') return null
  if (server.denied.some(({ what }) => what !== 'tool')) return null
  const { review, warnings } = propose(live, undefined, server)
  const odd = [...warnings, ...createNameSigns(namesOf(all))({ server: server.name, tool: live.name })]
  const harmless = review.classification === 'public' || review.classification === 'internal'
  return review.action === 'read' && review.tier === 1 && harmless && odd.length === 0 ? review : null
}
