import type { Envelope } from '../../../shared/envelope.ts'
import { namespaceAndVerb } from '../registry/classify.ts'
import type { PinnedTool, Server } from '../registry/registry.ts'
import { scoreRisk } from '../risk/score.ts'
import type { Finding } from '../safety/scan.ts'

/** What is known about a call before policy sees it; `server` or `tool` is null when nobody registered or reviewed it. */
export type Facts = {
  callId: string
  generation: 'legacy' | 'modern'
  client: Envelope['client']
  user: string
  serverName: string
  toolName: string
  server: Server | null
  tool: PinnedTool | null
  args: Record<string, unknown>
  findings: readonly Finding[]
  resource: Envelope['resource']
  /** A folder among `resource.paths` that holds a protected place, or null. */
  nearProtected: string | null
}

/** The envelope of a call: registry facts and our own extractors, unknown things as the riskiest they could be. */
export function buildEnvelope(facts: Facts): Envelope {
  const { server, tool, args, resource } = facts
  const review = tool?.review
  const action = review?.action ?? 'destructive'
  const trust_level = server?.trust_level ?? 'sandbox'
  const environment = server?.environment || 'prod'
  const { findings, nearProtected } = facts
  const known = { action, environment, identity: facts.client.identity, findings, nearProtected }
  return {
    call: { id: facts.callId, method: 'tools/call', generation: facts.generation },
    client: facts.client,
    user: { id: facts.user },
    server: { name: facts.serverName, trust_level },
    tool: {
      name: facts.toolName,
      ...namespaceAndVerb(facts.serverName, facts.toolName),
      action,
      classification: review?.classification ?? 'restricted',
      tier: review?.tier ?? 3,
      tags: review?.tags ?? [],
      fingerprint: review?.fingerprint ?? '',
    },
    resource,
    args,
    risk: scoreRisk({ ...known, trustLevel: trust_level, paths: resource.paths, hosts: resource.hosts }),
    risk_tags: server && server.risk_tags.length > 0 ? server.risk_tags : ['prod'],
    environment,
    purpose: '',
    labels: { 'mcp.server': facts.serverName, 'mcp.tool': facts.toolName, 'mcp.action': action },
  }
}
