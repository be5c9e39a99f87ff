import { buildEnvelope } from '../envelope/build.ts'
import { scanText } from '../safety/scan.ts'
import { maxScannedBytes } from '../safety/screen.ts'
import type { Deps, PinnedCall, ScoredCall } from './call.ts'
import { Refused } from './refused.ts'

/**
 * Stages 4 and 5: scans the arguments for secrets and personal data, and builds the envelope with its risk score. Throws
 * Refused MESSAGE_TOO_LARGE when they are too long to scan.
 */
export function score(call: PinnedCall, { user }: Deps): ScoredCall {
  const { request, server, tool } = call
  if (request.argumentsText.length > maxScannedBytes) {
    throw new Refused('MESSAGE_TOO_LARGE', 'blocked', ['The arguments are too long to scan for secrets.'])
  }
  const findings = scanText(request.argumentsText)
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
  }
  return { ...call, findings, envelope: buildEnvelope(facts) }
}
