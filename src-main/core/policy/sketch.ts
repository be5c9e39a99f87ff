import type { Envelope } from '../../../shared/envelope.ts'
import type { CallSketch } from '../../../shared/policy-tools.ts'

/** The envelope of a call that somebody describes; what they leave out is as `CallSketch` says. */
export function envelopeOf(sketch: CallSketch): Envelope {
  const server = { name: 'server', trust_level: 'restricted' as const, ...given(sketch.server) }
  const name = sketch.tool?.name ?? (otherKind(sketch) ? '' : 'tool')
  const tool = {
    ...({ namespace: server.name, verb: name, action: 'destructive', classification: 'restricted' } as const),
    ...{ tier: 3 as const, tags: [] as string[], module: server.name, fingerprint: '' },
    ...given(sketch.tool),
    name,
  }
  const call = { method: 'tools/call', kind: 'tool', generation: 'modern', ...given(sketch.call) } as const
  const names = sketch.names ?? [name]
  const score = sketch.risk ?? 0
  return {
    call: { id: 'sketch', ...call },
    client: { id: 'client', name: 'client', identity: 'claimed', ...given(sketch.client) },
    user: { id: 'user', roles: [], ...given(sketch.user) },
    server,
    tool,
    resource: { paths: [], hosts: [], uris: [], ...given(sketch.resource) },
    names,
    args: sketch.args ?? {},
    risk: { score, factors: score > 0 ? [{ name: 'given', points: score, detail: 'as described' }] : [] },
    risk_tags: sketch.risk_tags ?? ['prod'],
    scopes: { held: [], needed: [], bounded: false },
    tenant: { client: '', server: [] },
    environment: sketch.environment ?? 'prod',
    purpose: sketch.purpose ?? '',
    labels: {
      ...{ 'mcp.server': server.name, 'mcp.tool': name, 'mcp.action': tool.action },
      ...{ 'mcp.kind': call.kind, 'mcp.name': names[0] ?? '' },
    },
  }
}

function otherKind({ call }: CallSketch): boolean {
  return call?.kind !== undefined && call.kind !== 'tool'
}

/** A part without the keys that are not given, so that they do not hide what stands for them. */
function given<T extends object>(part: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(part ?? {}).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> }
}
