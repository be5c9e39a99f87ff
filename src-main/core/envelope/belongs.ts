import type { Bounds } from '../../../shared/credential.ts'
import type { Envelope } from '../../../shared/envelope.ts'

/** What review says of a server and a tool in labels of these beginnings: a scope that a token must hold, whose data it is. */
const labels = { scope: 'scope:', tenant: 'tenant:' }

type Reviewed = { risk_tags: readonly string[] }

/**
 * Which rights a call needs and its token holds, and whose data it would move for whom (contracts.md, envelope): the needed from the tags of
 * the tool's review and of its server, the held from the token. Nothing of it is the client's claim.
 */
export function belongsTo(
  server: Reviewed | null,
  toolTags: readonly string[],
  { scopes, tenant }: Bounds,
): Pick<Envelope, 'scopes' | 'tenant'> {
  const tags = server?.risk_tags ?? []
  const needed = [...named(tags, labels.scope), ...named(toolTags, labels.scope)]
  return {
    scopes: { held: [...(scopes ?? [])], needed: [...new Set(needed)].sort(), bounded: scopes !== null },
    tenant: { client: tenant ?? '', server: named(tags, labels.tenant).sort() },
  }
}

/** Whether a tag says whose data it is or what a token must hold, and nothing else. */
export function isLabel(tag: string): boolean {
  return Object.values(labels).some((beginning) => tag.startsWith(beginning))
}

function named(tags: readonly string[], beginning: string): string[] {
  return tags.filter((tag) => tag.startsWith(beginning)).map((tag) => tag.slice(beginning.length))
}

/** The scopes that a call needs and its token lacks; a token that nothing bounds lacks none. */
export function missingScopes({ held, needed, bounded }: Envelope['scopes']): string[] {
  return bounded ? needed.filter((scope) => !held.includes(scope)) : []
}

/** The tenants whose data a call would touch although its client does not work for them; a server of nobody's belongs to all. */
export function foreignTenants({ client, server }: Envelope['tenant']): string[] {
  return server.filter((tenant) => tenant !== client)
}
