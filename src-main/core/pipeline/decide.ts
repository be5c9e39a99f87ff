import type { Decision } from '../../../shared/decision.ts'
import { type ReasonCode, reasons } from '../../../shared/errors.ts'
import { enforceableFor } from '../constraints/enforceable.ts'
import { foreignTenants, missingScopes } from '../envelope/belongs.ts'
import { decide as evaluate, type Facts } from '../policy/precedence.ts'
import { mayRun } from '../registry/server-record.ts'
import { stoppedBy } from '../stop/halts.ts'
import type { Deps, JudgedCall, ScoredCall } from './call.ts'

function denial(call: ScoredCall, code: ReasonCode, detail: string, snapshot: string): Decision {
  const reason = `${reasons[code][0]}: ${detail}`
  const empty = {
    rules: [],
    matched: [],
    constraints: {},
    alerts: [],
    approval_level: null,
    errors: [],
    observed: null,
  }
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

/** What policy must know of a client and of the day besides the call: one of somebody else has nothing until it is bound. */
export function accessFacts(
  { clock, clientForeign }: Pick<Deps, 'clock' | 'clientForeign'>,
  clientId: string,
): Pick<Facts, 'unbound' | 'today'> {
  const unbound = clientForeign(clientId) ? 'mcp.empty' : 'local.default'
  return { unbound, today: new Date(clock.now()).toISOString().slice(0, 10) }
}

/** Of whom and what policy is told besides the envelope. */
type About = Pick<ScoredCall, 'server' | 'standing' | 'envelope'> & { serverName: string; clientId: string }

/** What policy is told of a call besides its envelope; `halt` says what is stopped, when that is why. */
export function factsFor({ server, serverName, clientId, standing, envelope }: About, deps: Deps) {
  const may = deps.snapshot()?.observe !== 'forbidden'
  const halt = deps.haltOf(serverName, clientId)
  const facts: Facts = {
    stopped: halt !== null,
    registered: server !== null,
    tool: standing,
    ...accessFacts(deps, clientId),
    ...enforceableFor(server, deps.confinement),
    observe: may && deps.observe.covers(serverName, clientId),
    override: may && deps.overrides.covers(serverName, clientId),
    missingScopes: missingScopes(envelope.scopes),
    foreignTenants: foreignTenants(envelope.tenant),
  }
  return { facts, halt }
}

/** Stage 6: what is built in first, then policy. Pure but for what it is given, and it changes nothing: a call may be decided often. */
export function decide(call: ScoredCall, deps: Deps): JudgedCall {
  const snapshot = deps.snapshot()
  const { serverName, client } = call.request
  const { server, standing, envelope } = call
  const { facts, halt } = factsFor({ server, serverName, clientId: client.id, standing, envelope }, deps)
  const decided = builtIn(call, deps, snapshot?.hash ?? '') ?? evaluate(call.envelope, snapshot, facts)
  const decision = decided.code === 'STOPPED' && halt ? { ...decided, reason: stoppedBy(halt).message } : decided
  return { ...call, decision }
}
