import type { Envelope } from '../../../shared/envelope.ts'
import type { PolicyExplanation } from '../../../shared/policy-tools.ts'
import type { Unknown } from '../policy/partial-envelope.ts'

const notKept = 'not on record'

/** A call as policy sees it, in the words of conditions, for people; arguments are not shown. */
export function callFacts(envelope: Envelope, missing: ReadonlySet<Unknown>): PolicyExplanation['call'] {
  const { call, client, tenant, user, server, tool, resource, names, environment, risk, risk_tags } = envelope
  const unless = (what: Unknown, value: string) => (missing.has(what) ? notKept : value)
  const list = (values: readonly string[]) => values.slice(0, 50).join(', ').slice(0, 2000) || 'none'
  const rows: [string, string][] = [
    ['server.name', server.name],
    ['server.trust_level', unless('details', server.trust_level)],
    ['tool.name', tool.name || 'none'],
    ['tool.action', tool.action],
    ['tool.classification', tool.classification],
    ['tool.tier', unless('details', String(tool.tier))],
    ['tool.tags', unless('details', list(tool.tags))],
    ['call.kind', call.kind],
    ['call.method', call.method],
    ['names', list(names)],
    ['client.name', `${client.name} (${client.identity})`],
    ['tenant.client', unless('details', tenant.client || 'nobody in particular')],
    ['user.id', user.id],
    ['resource.paths', unless('resources', list(resource.paths))],
    ['resource.hosts', unless('resources', list(resource.hosts))],
    ['resource.uris', unless('resources', list(resource.uris))],
    ['risk_tags', unless('details', list(risk_tags))],
    ['environment', unless('details', environment)],
    ['risk.score', String(risk.score)],
  ]
  return rows.map(([name, value]) => ({ name, value }))
}
