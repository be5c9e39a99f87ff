import type { Constraints } from '../../../shared/constraints.ts'
import { effects } from '../../../shared/decision.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { reasons } from '../../../shared/errors.ts'
import { accessDenial } from './access.ts'
import { byRisk } from './by-risk.ts'
import { type Combined, combineConstraints } from './combine-constraints.ts'
import type { Facts } from './precedence.ts'
import type { Rule } from './rule.ts'
import type { Snapshot } from './snapshot.ts'
import { denied, type Verdict } from './verdict.ts'

const floorAbove = 70
/** The level at which the floor of line 6 asks. */
export const floorLevel = 3

/** Lines 4–7 of the precedence list (precedence.ts), for a call that no error, no state and no DENY rule has refused. */
export function settle(envelope: Envelope, snapshot: Snapshot, matched: readonly Rule[], facts: Facts): Verdict {
  const lacks = accessDenial(envelope, snapshot.access, facts.unbound)
  if (lacks !== null) return denied('ACCESS_DENIED', `${reasons.ACCESS_DENIED[0]}: ${lacks}`)
  if (matched.length === 0) return unmatched(envelope, snapshot)
  const deciding = strictest(matched)
  const combined = combineConstraints(matched)
  return (
    unrunnable(combined, matched, facts) ??
    withFloor(fromRules(deciding, combined.constraints), deciding, matched, envelope.risk.score)
  )
}

/** Line 5: the rules that ask for the most, all of them when several ask for the same. */
function strictest(matched: readonly Rule[]): Rule[] {
  const rank = (rule: Rule) => effects.indexOf(rule.effect) * 10 + (rule.level ?? 0)
  const top = matched.reduce((highest, rule) => Math.max(highest, rank(rule)), 0)
  return matched.filter((rule) => rank(rule) === top)
}

function fromRules(deciding: readonly Rule[], constraints: Constraints): Verdict {
  const [first] = deciding as [Rule, ...Rule[]]
  const bounded = Object.keys(constraints).length > 0
  const effect = first.effect === 'ALLOW' && bounded ? 'ALLOW_WITH_CONSTRAINTS' : first.effect
  const does = first.level === null ? 'allows this call' : `asks a person to approve this call at level ${first.level}`
  const why = first.ref.reason === null ? '' : `: ${first.ref.reason}`
  return {
    effect,
    code: null,
    reason: `rule \`${first.id}\` ${does}${bounded ? ' under constraints' : ''}${why}`,
    rules: deciding.map((rule) => rule.ref),
    constraints,
    approval_level: first.level,
    observed: null,
  }
}

/** Line 5, second half: a call that could not be held to its constraints does not run, and nobody is asked about it. */
function unrunnable({ constraints, conflicts }: Combined, matched: readonly Rule[], facts: Facts): Verdict | null {
  const bounds = Object.keys(constraints) as (keyof Constraints)[]
  const unenforceable = bounds.find((bound) => !facts.enforceable.has(bound))
  const bound = conflicts[0] ?? unenforceable
  if (bound === undefined) return null
  const code = conflicts.length > 0 ? 'CONSTRAINT_CONFLICT' : 'CONSTRAINT_UNENFORCEABLE'
  const setting = matched.filter((rule) => rule.constraints[bound] !== undefined)
  const named = setting.map((rule) => `\`${rule.id}\``).join(', ')
  const why = conflicts.length > 0 ? undefined : facts.whyNot?.[bound]
  return denied(
    code,
    `${reasons[code][0]}: \`${bound}\`, set by ${named}${why === undefined ? '' : `: ${why}`}`,
    setting.map((rule) => rule.ref),
  )
}

/** Line 6. Where rules of the organisation match, the floor is lifted only when it would be by them alone, too. */
function withFloor(verdict: Verdict, deciding: readonly Rule[], matched: readonly Rule[], score: number): Verdict {
  if (score <= floorAbove || (verdict.approval_level ?? 0) >= floorLevel) return verdict
  const theirs = matched.filter((rule) => rule.origin === 'org')
  const accepts = (rules: readonly Rule[]) => rules.some(({ acceptRisk }) => acceptRisk !== null && acceptRisk >= score)
  if (accepts(deciding) && (theirs.length === 0 || accepts(strictest(theirs)))) return verdict
  return {
    ...verdict,
    effect: 'REQUIRE_APPROVAL',
    reason: `${verdict.reason}; its risk score of ${score} is above ${floorAbove}, which asks a person at level ${floorLevel}`,
    approval_level: floorLevel,
  }
}

/** Line 7. */
function unmatched(envelope: Envelope, snapshot: Snapshot): Verdict {
  if (snapshot.default === 'DENY') return denied('NO_RULE', reasons.NO_RULE[0])
  const { effect, level, why } = byRisk(envelope.risk.score, envelope.server.trust_level, envelope.tool.action)
  if (effect === 'DENY') return denied('NO_RULE', `${reasons.NO_RULE[0]}, and by risk it is denied because ${why}`)
  const does = effect === 'ALLOW' ? 'the call is allowed' : `a person is asked at level ${level}`
  const reason = `no rule is about this call; by risk ${does} because ${why}`
  return { effect, code: null, reason, rules: [], constraints: {}, approval_level: level, observed: null }
}
