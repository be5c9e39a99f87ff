import type { Decision } from '../../../shared/decision.ts'
import { type ReasonCode, reasons } from '../../../shared/errors.ts'
import { sandboxBounds } from '../constraints/sandbox/plan.ts'
import { decide as evaluate, type Facts } from '../policy/precedence.ts'
import { mayRun, type Server } from '../registry/registry.ts'
import type { DecidedCall, Deps, ScoredCall } from './call.ts'

/** Constraints that can be enforced for every server. */
const always = ['max_runtime_sec', 'max_retries'] as const
const without: Facts['enforceable'] = new Set(always)
const inSandbox: Facts['enforceable'] = new Set([...always, ...sandboxBounds])

/** What can be enforced for a server, and why not the rest. */
export function enforceableFor(server: Server | null, { confinement }: Pick<Deps, 'confinement'>) {
  const why = server ? confinement.whyNot(server) : null
  if (why === null) return { enforceable: inSandbox }
  return { enforceable: without, whyNot: Object.fromEntries(sandboxBounds.map((bound) => [bound, why])) }
}

function denial(call: ScoredCall, code: ReasonCode, detail: string, snapshot: string): Decision {
  const reason = `${reasons[code][0]}: ${detail}`
  const empty = { rules: [], matched: [], constraints: {}, approval_level: null, errors: [], observed: null }
  return { effect: 'DENY', code, reason, risk: call.envelope.risk.score, snapshot, ...empty }
}

/** What no policy can allow (contracts.md, "built in"): a revoked client, a server nobody approved, Toolgate's own files. */
function builtIn(call: ScoredCall, deps: Deps, snapshot: string): Decision | null {
  const { request, server, envelope } = call
  if (deps.clientRevoked(request.client.id))
    return denial(call, 'CLIENT_REFUSED', `\`${request.client.name}\``, snapshot)
  if (server?.approved_launch === null) return denial(call, 'SERVER_NOT_APPROVED', `\`${server.name}\``, snapshot)
  if (server && !mayRun(server)) return denial(call, 'SERVER_CHANGED', `\`${server.name}\``, snapshot)
  const touched = deps.protectedPath(call.paths, envelope.tool.action === 'read')
  return touched === null ? null : denial(call, 'PROTECTED_PATH', touched, snapshot)
}

/** Stage 6: what is built in first, then policy. Pure but for what it is given. */
export function decide(call: ScoredCall, deps: Deps): DecidedCall {
  const snapshot = deps.snapshot()
  const facts: Facts = {
    stopped: deps.stopped(),
    registered: call.server !== null,
    tool: call.standing,
    // Clients of this machine are bound to `local.default`: the reviewed tools of approved servers (blueprint 5, rule 4).
    access: call.standing === 'reviewed' ? 'allowed' : 'denied',
    observe: false,
    ...enforceableFor(call.server, deps),
  }
  const decision = builtIn(call, deps, snapshot?.hash ?? '') ?? evaluate(call.envelope, snapshot, facts)
  return { ...call, decision }
}
