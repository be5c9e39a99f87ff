import type { Envelope } from '../../../shared/envelope.ts'
import { usualPoints } from '../../../shared/risk-factors.ts'
import type { Kind } from '../../../shared/traffic.ts'
import { buildEnvelope } from '../envelope/build.ts'
import type { Acting } from '../envelope/credentials.ts'
import type { PinnedTool, Server } from '../registry/server-record.ts'
import { noHistory } from '../risk/history.ts'
import type { Deps } from './call.ts'

/** What somebody may ask for: `tool` is its reviewed definition where it is a tool. */
export type Askable = {
  client: Envelope['client'] & Acting
  generation: 'legacy' | 'modern'
  kind: Kind
  method: string
  server: Server
  name: string
  tool: PinnedTool | null
}

/** The envelope of asking for it without any argument: nothing in it is a path, a host or a secret, and nothing is new. */
export function bareCall(
  { client: { tenant, ...client }, generation, kind, method, server, name, tool }: Askable,
  deps: Pick<Deps, 'snapshot' | 'user' | 'credentialOf'>,
): Envelope {
  return buildEnvelope({
    ...{ callId: '', kind, method, generation, client, user: { id: deps.user, roles: [] } },
    ...{
      credential: deps.credentialOf({ id: client.id, tenant }),
      serverName: server.name,
      toolName: name,
      server,
      tool,
    },
    ...{ args: {}, findings: [], resource: { paths: [], hosts: [], uris: [] } },
    ...{ nearProtected: null, asksForSecret: null, history: noHistory },
    points: deps.snapshot()?.points ?? usualPoints,
  })
}
