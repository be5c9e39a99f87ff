import type { Constraints } from '../../../shared/constraints.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { accessDenial } from './access.ts'
import { byRisk } from './by-risk.ts'
import { combineConstraints } from './combine-constraints.ts'
import { Picture } from './condition-picture.ts'
import { fitsCall } from './fits-call.ts'
import { GlobBudgetSpent, globBudget, globMeter } from './glob.ts'
import type { Facts } from './precedence.ts'
import type { Rule } from './rule.ts'
import { subjectOf } from './rule-index.ts'
import { type Snapshot, withRoles } from './snapshot.ts'

/** What is asked for, without any argument: an envelope with no arguments, paths or findings, so that its risk is the least it can be. */
export type Bare = {
  envelope: Envelope
  /** False for a family of things (a template of resources), whose names are only known once one is asked for. */
  named: boolean
} & Pick<Facts, 'enforceable' | 'unbound' | 'today' | 'observe'>

/**
 * Whether some request for this could be let through, or shown to a person, whatever its arguments are. False only when every request is
 * refused: that, and nothing else, is left out of the lists of a client.
 *
 * 1. No policy: never.
 * 2. A DENY rule that fits whatever the arguments are, or a rule whose condition fails whatever they are: never.
 * 3. In observe mode: all else can be. Else, when the access policies do not let the client have it: never.
 * 4. Rules that fit whatever the arguments are, and together set bounds that exclude each other or cannot be enforced: never.
 * 5. A rule that lets through or asks, and that fits or may fit: it can be.
 * 6. No such rule: what the default says at the least risk, since arguments only add to it.
 */
export function canEverBeAllowed(bare: Bare, snapshot: Snapshot | null): boolean {
  if (!snapshot) return false
  const { enforceable, observe, unbound } = bare
  const envelope = withRoles(bare.envelope, snapshot)
  globMeter.left = globBudget
  try {
    const rules = rulesFor({ ...bare, envelope }, snapshot)
    if (rules.failing || rules.sure.some((rule) => rule.effect === 'DENY')) return false
    if (observe) return true
    if (accessDenial(envelope, snapshot.access, unbound) !== null) return false
    return rulesPass(envelope, rules, snapshot, enforceable)
  } catch (error) {
    if (error instanceof GlobBudgetSpent) return false
    throw error
  }
}

/** Lines 4 to 6. */
function rulesPass(
  envelope: Envelope,
  { sure, possible }: Split,
  snapshot: Snapshot,
  enforceable: Bare['enforceable'],
) {
  if (!runnable(sure, enforceable)) return false
  const passing = (rules: readonly Rule[]) =>
    rules.some((rule) => rule.effect !== 'DENY' && runnable([rule], enforceable))
  if (passing(sure) || passing(possible)) return true
  // Only when no rule fits does the default speak.
  if (sure.length > 0 || snapshot.default === 'DENY') return false
  return byRisk(envelope.risk.score, envelope.server.trust_level, envelope.tool.action).effect !== 'DENY'
}

function runnable(rules: readonly Rule[], enforceable: Bare['enforceable']): boolean {
  const { constraints, conflicts } = combineConstraints(rules)
  return (
    conflicts.length === 0 && (Object.keys(constraints) as (keyof Constraints)[]).every((it) => enforceable.has(it))
  )
}

type Split = { sure: Rule[]; possible: Rule[]; failing: boolean }

/** The rules that fit whatever the arguments are, and those that fit for some. */
function rulesFor({ envelope, named, today }: Bare, snapshot: Snapshot): Split {
  const found: Split = { sure: [], possible: [], failing: false }
  const subject = { ...subjectOf(envelope), ...(!named && { names: null }) }
  let picture: Picture | null = null
  for (const rule of snapshot.index.candidates(subject)) {
    // Arguments only add to the risk and to what is touched.
    const atMost = { ...rule, match: { ...rule.match, fromRisk: null, resources: null } }
    if (!fitsCall(atMost, envelope, today)) continue
    const { match } = rule
    const open = match.resources !== null || (match.fromRisk ?? 0) > envelope.risk.score
    // A rule that ends may have stopped to hold something back when the list is used.
    const certain = (named || match.names === null) && !open && match.toDay === null
    if (rule.when === null) {
      found[certain ? 'sure' : 'possible'].push(rule)
      continue
    }
    if (!rule.when.fixed || !named || !certain) {
      found.possible.push(rule)
      continue
    }
    picture ??= new Picture(envelope)
    const holds = rule.when.holds(picture)
    if (typeof holds === 'string') found.failing = true
    else if (holds) found.sure.push(rule)
  }
  return found
}
