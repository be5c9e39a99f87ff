import type { Credential } from '../../../shared/credential.ts'
import type { Action, Envelope } from '../../../shared/envelope.ts'
import type { RiskPoints } from '../../../shared/risk-factors.ts'
import { type Kind, traffic } from '../../../shared/traffic.ts'
import { namespaceAndVerb } from '../registry/classify.ts'
import type { PinnedTool, Server } from '../registry/server-record.ts'
import type { CallHistory } from '../risk/history.ts'
import { scoreRisk } from '../risk/score.ts'
import type { FindingCount } from '../safety/scan.ts'
import { belongsTo, isLabel } from './belongs.ts'
import { namesOf } from './names.ts'

/** What is known about a call before policy sees it; `server` or `tool` is null when nobody registered or reviewed it. */
export type Facts = {
  callId: string
  kind: Kind
  method: string
  generation: 'legacy' | 'modern'
  client: Envelope['client']
  credential: Credential
  user: Envelope['user']
  serverName: string
  /** The name of what is asked for: the tool, the URI, the prompt; of a task the tool that made it. */
  toolName: string
  server: Server | null
  tool: PinnedTool | null
  args: Record<string, unknown>
  findings: readonly FindingCount[]
  resource: Envelope['resource']
  /** A folder among `resource.paths` that holds a protected place, or null. */
  nearProtected: string | null
  /** What a form of a server asks for that forms must not ask for, or null. */
  asksForSecret: string | null
  history: CallHistory
  /** What each factor of risk counts under the policy in force. */
  points: RiskPoints
}

/** The envelope of a call: registry facts and our own extractors, unknown things as the riskiest they could be. */
export function buildEnvelope(facts: Facts): Envelope {
  const { server, args, resource, kind, method, toolName, serverName } = facts
  const tool = toolPart(facts)
  const trust_level = server?.trust_level ?? 'sandbox'
  const environment = server?.environment || 'prod'
  const { findings, nearProtected, asksForSecret, history } = facts
  const known = {
    ...{ action: tool.action, classification: tool.classification, trustLevel: trust_level, environment },
    ...{ identity: facts.client.identity, findings, nearProtected, asksForSecret, history },
  }
  return {
    call: { id: facts.callId, method, kind, generation: facts.generation },
    client: facts.client,
    user: facts.user,
    server: { name: serverName, trust_level },
    tool,
    resource,
    names: namesOf(kind, toolName),
    args,
    risk: scoreRisk({ ...known, paths: resource.paths, hosts: resource.hosts }, facts.points),
    risk_tags: riskTags(server?.risk_tags ?? []),
    ...belongsTo(server, facts.tool?.review.tags ?? [], facts.credential),
    environment,
    purpose: facts.credential.purpose,
    labels: {
      ...{ 'mcp.server': serverName, 'mcp.tool': tool.name, 'mcp.action': tool.action },
      ...{ 'mcp.kind': kind, 'mcp.name': toolName },
    },
  }
}

/** What nobody said where it works counts as production; scopes and tenants do not say it. */
function riskTags(tags: readonly string[]): string[] {
  return tags.every(isLabel) ? [...tags, 'prod'] : [...tags]
}

function toolPart(facts: Facts): Envelope['tool'] {
  const { kind, toolName, serverName, tool, method } = facts
  if (kind === 'tool') {
    const review = tool?.review
    const placed = namespaceAndVerb(serverName, toolName)
    return {
      name: toolName,
      ...placed,
      module: review?.module || placed.namespace,
      action: review?.action ?? 'destructive',
      classification: review?.classification ?? 'restricted',
      tier: review?.tier ?? 3,
      tags: review?.tags ?? [],
      fingerprint: review?.fingerprint ?? '',
    }
  }
  const action = actionOf(method, facts.args)
  return {
    name: kind === 'task' ? toolName : '',
    ...{ namespace: serverName, verb: method, module: serverName, action },
    ...{ classification: 'restricted', tags: [], fingerprint: '' },
    tier: action === 'read' ? 1 : 2,
  }
}

/** What a governed method other than a tool call does; a link that a server wants opened leads out of everybody's sight. */
function actionOf(method: string, args: Record<string, unknown>): Action {
  const action = traffic[method]?.action ?? 'destructive'
  return method === 'elicitation/create' && action === 'read' && args.mode === 'url' ? 'write' : action
}
