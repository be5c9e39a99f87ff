import { basesOf } from '../envelope/bases.ts'
import { buildEnvelope } from '../envelope/build.ts'
import { hostsIn } from '../envelope/hosts.ts'
import { pathsIn } from '../envelope/paths.ts'
import { scanText } from '../safety/scan.ts'
import { maxScannedBytes } from '../safety/screen.ts'
import type { Deps, PinnedCall, ScoredCall } from './call.ts'
import { Refused } from './refused.ts'

/**
 * Stages 4 and 5: scans the arguments for secrets and personal data, finds the paths that any part of `params` names, and builds
 * the envelope with its risk score. Throws Refused MESSAGE_TOO_LARGE when the arguments are too long to scan.
 */
export function score(call: PinnedCall, { user, nearProtected }: Deps): ScoredCall {
  const { request, server, tool } = call
  if (request.argumentsText.length > maxScannedBytes) {
    throw new Refused('MESSAGE_TOO_LARGE', 'blocked', ['The arguments are too long to scan for secrets.'])
  }
  const findings = scanText(request.argumentsText)
  const found = pathsIn(
    tool ? exceptName(request.message.json.params) : request.message.json.params,
    basesOf(server?.launch),
  )
  const { hosts, uris, complete } = hostsIn(request.args)
  const { id, name, identity } = request.client
  const { generation, serverName, toolName, args } = request
  const facts = {
    callId: call.id,
    generation,
    client: { id, name, identity },
    user,
    serverName,
    toolName,
    server,
    tool,
    args,
    findings,
    resource: { paths: found.paths, hosts, uris },
    nearProtected: nearProtected(found.paths),
  }
  const paths = { ...found, complete: found.complete && complete }
  return { ...call, findings, paths, envelope: buildEnvelope(facts) }
}

/** The name of a reviewed tool is no path, whatever it looks like. */
function exceptName(params: unknown): unknown {
  return { ...(params as object), name: '' }
}
