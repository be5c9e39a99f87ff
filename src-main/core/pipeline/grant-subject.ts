import { createHash } from 'node:crypto'
import { canonicalJson } from '../audit/canonical.ts'
import { alsoSent } from '../envelope/also-sent.ts'
import { basesOf } from '../envelope/bases.ts'
import { pathsIn } from '../envelope/paths.ts'
import type { GrantSubject } from '../grants/subject.ts'
import type { DecidedCall, Deps } from './call.ts'

/** No system opens a longer path, however it is spelled; a longer text is bounded by none. */
const longestPath = 4 * 4096

/** All that grants look at of a call. What only claims its name gets none that outlives its session: names are changed at will. */
export function grantSubject(call: DecidedCall, { user }: Pick<Deps, 'user'>): GrantSubject {
  const { request, envelope, server, decision } = call
  const { kind, method, client, serverName, toolName } = request
  const bases = basesOf(server?.launch)
  const hash = () => {
    // As it always was for whoever works for nobody in particular: grants of before count on.
    const who = client.tenant === '' ? client.id : [client.id, client.tenant]
    const bound = [who, user, serverName, toolName, request.argsHash()]
    const asked = kind === 'tool' ? bound : [...bound, method]
    return createHash('sha256').update(canonicalJson(asked)).digest('hex')
  }
  let callHash: string | null = null
  return {
    ...{
      kind,
      client: { id: client.id, name: client.name, tenant: client.tenant },
      known: client.identity === 'verified',
    },
    ...{ server: serverName, tool: toolName, action: envelope.tool.action, fingerprint: envelope.tool.fingerprint },
    get callHash() {
      callHash ??= hash()
      return callHash
    },
    ...{ lineage: request.session.lineage, args: request.args, snapshot: decision.snapshot },
    ...{ paths: envelope.resource.paths, hosts: envelope.resource.hosts },
    plain: kind === 'tool' && call.paths.complete && call.findings.length === 0 && alsoSent(request.params) === '',
    pathsOf: (key, text) => (text.length > longestPath ? [] : pathsIn({ [key]: text }, bases).paths),
  }
}

/** What is kept of a call for previews of grants. Only of what is asked: other calls are not slowed down by it. */
export function askedTrace(call: DecidedCall, deps: Pick<Deps, 'user' | 'tracer'>) {
  return call.decision.effect === 'REQUIRE_APPROVAL' ? deps.tracer.traceOf(grantSubject(call, deps)) : null
}

/** What an approval is for: client and its tenant, user, session lineage, server, tool, args hash, fingerprint (contracts.md, bindings). */
export function bindingOf({ callHash, lineage, fingerprint }: GrantSubject): string {
  return createHash('sha256')
    .update(canonicalJson([callHash, lineage, fingerprint]))
    .digest('hex')
}
