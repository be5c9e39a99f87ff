import type { Constraints } from '../../../shared/constraints.ts'
import type { Decision } from '../../../shared/decision.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { reasons } from '../../../shared/errors.ts'
import type { BuiltInAccess } from './access.ts'
import { combineConstraints } from './combine-constraints.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import { settle, unrunnable } from './settle.ts'
import { type Snapshot, withRoles } from './snapshot.ts'
import { denied, type Verdict } from './verdict.ts'

/** What is known about a call besides its envelope; collected before deciding, because deciding asks nobody. */
export type Facts = {
  /** A person or a gate stopped everything, this server or this client. */
  stopped: boolean
  /** The server is registered and approved. */
  registered: boolean
  /** `held`: its definition changed since review. `due`: its approval is over. `unknown`: the server does not offer it. */
  tool: 'reviewed' | 'held' | 'due' | 'unreviewed' | 'unknown'
  /** The access policy of a client that no binding names. */
  unbound: BuiltInAccess
  /** The day of the call, as YYYY-MM-DD in UTC. */
  today: string
  observe: boolean
  /** A person broke the glass for this call. */
  override?: boolean
  /** Scopes that the call needs and the token of its client lacks. */
  missingScopes: readonly string[]
  /** Tenants whose data the call would touch although its client does not work for them. */
  foreignTenants: readonly string[]
  /** The constraints that can be enforced for this server. */
  enforceable: ReadonlySet<keyof Constraints>
  /** Why one of the others cannot be, in words. */
  whyNot?: Partial<Record<keyof Constraints, string>>
}

/**
 * Which rule wins. The first line that applies decides; a test stands for each.
 *
 * 1. An error anywhere in evaluation, or no policy at all: DENY.
 * 2. Stopped, unregistered server, tool that is unknown, held (changed since review), due for review or not reviewed, a scope that
 *    the token of the client lacks: DENY.
 * 3. Any matching DENY rule, the organisation's or a local one: DENY, "locked by your organisation" when it is theirs.
 * 4. The client's access policies (access.ts) do not allow the tool: DENY.
 * 5. The strictest matching rule: REQUIRE_APPROVAL (the highest level asked), then ALLOW_WITH_CONSTRAINTS, then ALLOW.
 *    Whatever runs, approved calls too, runs under the constraints of *all* matching rules: the tightest number, what all
 *    lists share. Lists that share nothing, and a constraint that cannot be enforced: DENY.
 * 6. A floor: a risk score above 70 asks at level 3 at least, unless a deciding rule has `accept_risk` at or above the score
 *    (and, when rules of the organisation match, one of those that decide among them has, too). And a call across tenants asks at
 *    level 2 at least, which nothing lifts.
 * 7. No rule matched: DENY, or, where policy says `default: by_risk`, what the risk score and the trust in the server say.
 *
 * Observe mode relaxes 4–7 only, but for calls across tenants: the call is allowed, and the decision says what it would have been.
 * An override lets through what 4–7 would deny or ask about, too, and keeps the bounds of what is allowed within bounds.
 */
export function decide(envelope: Envelope, snapshot: Snapshot | null, facts: Facts): Decision {
  const risk = envelope.risk.score
  if (!snapshot) return toDecision(denied('POLICY_MISSING', reasons.POLICY_MISSING[0]), { risk, snapshot: '' })
  try {
    return decideOn(envelope, snapshot, evaluate(envelope, snapshot, facts.today), facts)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const verdict = denied('POLICY_ERROR', 'the policy could not be evaluated for this call')
    return { ...toDecision(verdict, { risk, snapshot: snapshot.hash }), errors: [{ rule: '*', message }] }
  }
}

/** What the precedence list says once it is known which rules match. Throws when access policies take too long to match. */
export function decideOn(envelope: Envelope, snapshot: Snapshot, evaluation: Evaluation, facts: Facts): Decision {
  const firm = failure(evaluation, envelope) ?? blocked(facts) ?? forbidden(evaluation)
  const settled = () => settle(withRoles(envelope, snapshot), snapshot, evaluation.matched, facts)
  const verdict = firm ?? acrossTenants(observed(overridden(settled(), evaluation.matched, facts), facts), facts)
  return toDecision(verdict, { risk: envelope.risk.score, snapshot: snapshot.hash }, evaluation)
}

/** Line 1. */
function failure({ failed }: Evaluation, envelope: Envelope): Verdict | null {
  if (!Number.isFinite(envelope.risk.score)) return denied('POLICY_ERROR', 'the call has no risk score')
  const [first] = failed
  if (!first) return null
  const reason = `rule \`${first.rule.id}\` could not be evaluated: ${first.error.message}`
  return denied(
    'POLICY_ERROR',
    reason,
    failed.map(({ rule }) => rule.ref),
  )
}

/** Line 2. */
function blocked({ stopped, registered, tool, missingScopes }: Facts): Verdict | null {
  if (stopped) return denied('STOPPED', reasons.STOPPED[0])
  if (!registered) return denied('SERVER_UNKNOWN', reasons.SERVER_UNKNOWN[0])
  if (tool === 'unknown') return denied('TOOL_UNKNOWN', reasons.TOOL_UNKNOWN[0])
  if (tool === 'held') return denied('TOOL_CHANGED', reasons.TOOL_CHANGED[0])
  if (tool === 'due') return denied('TOOL_REVIEW_DUE', reasons.TOOL_REVIEW_DUE[0])
  if (tool !== 'reviewed') return denied('TOOL_NOT_REVIEWED', reasons.TOOL_NOT_REVIEWED[0])
  if (missingScopes.length > 0) {
    const named = missingScopes.map((scope) => `\`${scope}\``).join(', ')
    return denied('SCOPE_MISSING', `${reasons.SCOPE_MISSING[0]}: ${named}`)
  }
  return null
}

/** Line 3. */
function forbidden({ matched }: Evaluation): Verdict | null {
  const denying = matched.filter((rule) => rule.effect === 'DENY')
  const ours = denying.filter((rule) => rule.origin === 'org')
  const [first] = ours.length > 0 ? ours : denying
  if (!first) return null
  const why = first.ref.reason === null ? '' : `: ${first.ref.reason}`
  const reason =
    first.origin === 'org'
      ? `locked by your organisation: rule ${first.id}${why}`
      : `rule \`${first.id}\` denies this call${why}`
  const refs = [...ours, ...denying.filter((rule) => rule.origin !== 'org')].map((rule) => rule.ref)
  return denied('POLICY_DENIED', reason, refs)
}

/** An override, over lines 4–7: bounds that rules set still hold, and where they cannot, nothing runs. */
function overridden(verdict: Verdict, matched: Evaluation['matched'], facts: Facts): Verdict {
  if (!facts.override || (verdict.effect !== 'DENY' && verdict.effect !== 'REQUIRE_APPROVAL')) return verdict
  const combined = combineConstraints(matched)
  const cannot = unrunnable(combined, matched, facts)
  if (cannot) return cannot
  const { effect, reason, rules } = verdict
  const { constraints } = combined
  return {
    effect: Object.keys(constraints).length > 0 ? 'ALLOW_WITH_CONSTRAINTS' : 'ALLOW',
    code: null,
    reason: `an override lets this call through; otherwise ${effect}: ${reason}`,
    ...{ rules, constraints, approval_level: null, observed: effect, overridden: true },
  }
}

/** Observe mode, over lines 4–7. */
function observed(verdict: Verdict, { observe }: Facts): Verdict {
  if (!observe || verdict.effect === 'ALLOW' || verdict.observed !== null) return verdict
  return {
    effect: 'ALLOW',
    code: null,
    reason: `observe mode lets this call through; otherwise ${verdict.effect}: ${verdict.reason}`,
    rules: verdict.rules,
    constraints: {},
    approval_level: null,
    observed: verdict.effect,
  }
}

const tenantLevel = 2

/** Line 6, second half: a binding of the call and no choice of policy, so that observe mode does not relax it either. */
function acrossTenants(verdict: Verdict, { foreignTenants }: Facts): Verdict {
  const asks = (verdict.approval_level ?? 0) >= tenantLevel
  if (foreignTenants.length === 0 || verdict.effect === 'DENY' || asks) return verdict
  const whose = foreignTenants.map((tenant) => `\`${tenant}\``).join(', ')
  return {
    ...verdict,
    effect: 'REQUIRE_APPROVAL',
    reason: `${verdict.reason}; it touches data of ${whose}, for whom its client does not work, which asks a person at level ${tenantLevel}`,
    approval_level: tenantLevel,
  }
}

function toDecision(
  verdict: Verdict,
  { risk, snapshot }: { risk: number; snapshot: string },
  { matched, failed }: Evaluation = { matched: [], failed: [] },
): Decision {
  // A strict rule that failed counts as a match for whoever reads the decision; the call is denied either way.
  const strict = failed.filter(({ rule }) => rule.effect === 'DENY' || rule.effect === 'REQUIRE_APPROVAL')
  return {
    effect: verdict.effect,
    code: verdict.code,
    reason: verdict.reason,
    rules: verdict.rules,
    matched: [...matched, ...strict.map(({ rule }) => rule)].map((rule) => rule.id),
    constraints: verdict.constraints,
    alerts: [...new Set(matched.flatMap((rule) => rule.alerts))].sort(),
    approval_level: verdict.approval_level,
    risk,
    snapshot,
    errors: failed.map(({ error }) => error),
    observed: verdict.observed,
    ...(verdict.overridden ? { overridden: true } : {}),
  }
}
