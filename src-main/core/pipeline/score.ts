import { usualPoints } from '../../../shared/risk-factors.ts'
import { buildEnvelope } from '../envelope/build.ts'
import { asksForSecret } from '../risk/asks-for-secret.ts'
import { calledTool, type History } from '../risk/history.ts'
import type { Deps, LookedIntoCall, PinnedCall, ScoredCall } from './call.ts'

/** Stage 5: the envelope with its risk score. */
export function score(call: LookedIntoCall, deps: Deps): ScoredCall {
  const { user, nearProtected, history, snapshot } = deps
  const { request, server, tool, findings, paths, hosts, uris } = call
  const { id, name, identity, tenant } = request.client
  const { kind, method, generation, serverName, toolName, args } = request
  const facts = {
    callId: call.id,
    ...{ kind, method, generation },
    client: { id, name, identity },
    credential: deps.credentialOf({ id, tenant }),
    // Its roles are up to policy.
    user: { id: user, roles: [] },
    serverName,
    toolName,
    server,
    tool,
    args,
    findings,
    resource: { paths: paths.paths, hosts, uris },
    nearProtected: nearProtected(paths.paths),
    asksForSecret: kind === 'elicitation' ? asksForSecret(args) : null,
    history: { ...call.arrived, novelty: novelty(call, history) },
    points: snapshot()?.points ?? usualPoints,
  }
  return { ...call, envelope: buildEnvelope(facts) }
}

/** Only calls of tools are known one by one; what is not reviewed does not run anyway. */
function novelty({ request, tool }: PinnedCall, history: History): string | null {
  return tool === null ? null : history.novelty(calledTool(request, tool))
}
