import type { Constraints } from '../../../shared/constraints.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { byRisk } from './by-risk.ts'
import { combineConstraints } from './combine-constraints.ts'
import { Picture } from './condition-picture.ts'
import type { Rule } from './rule.ts'
import type { Snapshot } from './snapshot.ts'

/** What is asked for, without any argument: an envelope with no arguments, paths or findings, so that its risk is the least it can be. */
export type Bare = {
  envelope: Envelope
  /** False for a family of things (a template of resources), whose names are only known once one is asked for. */
  named: boolean
  enforceable: ReadonlySet<keyof Constraints>
  /** Observe mode: what is not denied by line 1, 2 or 3 of the precedence list runs. */
  observe: boolean
}

/**
 * Whether some request for this could be let through, or shown to a person, whatever its arguments are. False only when every request is
 * refused: that, and nothing else, is left out of the lists of a client.
 *
 * 1. No policy: never.
 * 2. A DENY rule that fits whatever the arguments are, or a rule whose condition fails whatever they are: never.
 * 3. In observe mode: all else can be.
 * 4. Rules that fit whatever the arguments are, and together set bounds that exclude each other or cannot be enforced: never.
 * 5. A rule that lets through or asks, and that fits or may fit: it can be.
 * 6. No such rule: what the default says at the least risk, since arguments only add to it.
 */
export function canEverBeAllowed({ envelope, named, enforceable, observe }: Bare, snapshot: Snapshot | null): boolean {
  if (!snapshot) return false
  const { sure, possible, failing } = rulesFor(envelope, named, snapshot)
  if (failing || sure.some((rule) => rule.effect === 'DENY')) return false
  if (observe) return true
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
function rulesFor(envelope: Envelope, named: boolean, snapshot: Snapshot): Split {
  const found: Split = { sure: [], possible: [], failing: false }
  const { call, server, tool, names } = envelope
  const about = { kind: call.kind, names: named ? names : null }
  let picture: Picture | null = null
  for (const rule of snapshot.index.candidates(server.name, tool.name, tool.action, about)) {
    if (rule.match.riskTags !== null && !envelope.risk_tags.some((tag) => rule.match.riskTags?.includes(tag))) continue
    const certain = named || rule.match.names === null
    if (rule.when === null) {
      found[certain ? 'sure' : 'possible'].push(rule)
      continue
    }
    if (!rule.when.fixed || !named) {
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
