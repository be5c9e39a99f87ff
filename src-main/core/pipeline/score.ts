import { usualPoints } from '../../../shared/risk-factors.ts'
import { alsoSent } from '../envelope/also-sent.ts'
import { basesOf } from '../envelope/bases.ts'
import { buildEnvelope } from '../envelope/build.ts'
import { effortAfter } from '../envelope/effort.ts'
import { hostsIn } from '../envelope/hosts.ts'
import { pathsIn } from '../envelope/paths.ts'
import { asksForSecret } from '../risk/asks-for-secret.ts'
import { calledTool, type History } from '../risk/history.ts'
import { scanText } from '../safety/scan.ts'
import { maxScannedBytes } from '../safety/screen.ts'
import type { CallRequest, Deps, PinnedCall, ScoredCall } from './call.ts'
import { Refused } from './refused.ts'

/**
 * Stages 4 and 5: scans the arguments for secrets and personal data, finds the paths that any part of `params` names, and builds
 * the envelope with its risk score. Throws Refused MESSAGE_TOO_LARGE when the arguments are too long to scan.
 */
export function score(call: PinnedCall, deps: Deps): ScoredCall {
  const { user, nearProtected, history, snapshot } = deps
  const { request, server, tool } = call
  const sent = scannedText(request)
  if (sent.length > maxScannedBytes) {
    throw new Refused('MESSAGE_TOO_LARGE', 'blocked', ['The arguments are too long to scan for secrets.'])
  }
  const findings = scanText(sent)
  const { found, hosts, uris, complete } = named(request, tool !== null, basesOf(server?.launch))
  const { id, name, identity } = request.client
  const { kind, method, generation, serverName, toolName, args } = request
  const facts = {
    callId: call.id,
    ...{ kind, method, generation },
    client: { id, name, identity },
    credential: deps.credentialOf(id),
    // Its roles are up to policy.
    user: { id: user, roles: [] },
    serverName,
    toolName,
    server,
    tool,
    args,
    findings,
    resource: { paths: found.paths, hosts, uris },
    nearProtected: nearProtected(found.paths),
    asksForSecret: kind === 'elicitation' ? asksForSecret(args) : null,
    history: { ...call.arrived, novelty: novelty(call, history) },
    points: snapshot()?.points ?? usualPoints,
  }
  const paths = { ...found, complete: found.complete && complete }
  return { ...call, findings, paths, envelope: buildEnvelope(facts) }
}

/** Only calls of tools are known one by one; what is not reviewed does not run anyway. */
function novelty({ request, tool }: PinnedCall, history: History): string | null {
  return tool === null ? null : history.novelty(calledTool(request, tool))
}

/** The arguments, and, where a call answers what its server asked back, those answers. */
function scannedText({ kind, argumentsText, message, params }: CallRequest): string {
  const { inputResponses } = (message.json.params ?? {}) as { inputResponses?: unknown }
  return kind === 'tool' && inputResponses !== undefined ? `${argumentsText}\n${alsoSent(params)}` : argumentsText
}

/**
 * What a request names; of a server's question only the link to open, since nothing on this machine is reached by the rest. The
 * name of a reviewed tool is no path, whatever it looks like.
 */
function named({ from, kind, toolName, args, message }: CallRequest, reviewed: boolean, bases: readonly string[]) {
  if (from === 'client') {
    const params = message.json.params as Record<string, unknown>
    // `notes://a` is no path that a person should be shown, but it is still looked at in case it leads to a protected one.
    const address = kind === 'resource' && /^(?!file:)[a-z][\w+.-]*:/i.test(toolName)
    const looked = kind === 'tool' && reviewed ? { ...params, name: '' } : params
    const found = pathsIn(address ? { ...params, uri: '', '': toolName } : looked, bases, effortAfter(message))
    // Where there was too much already, the call is refused, and nothing more is done for it.
    return found.complete ? { found, ...hostsIn(args) } : { found, hosts: [], uris: [], complete: false }
  }
  return { found: { paths: [], suspects: [], complete: true }, ...hostsIn({ url: args.url }) }
}
