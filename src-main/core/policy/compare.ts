import { effects } from '../../../shared/decision.ts'
import { compareApprovals, type LevelChange, lessAtHigher } from './approval-needs.ts'
import { compareAccess } from './compare-access.ts'
import { compareConstraints } from './compare-constraints.ts'
import { describeRule } from './describe.ts'
import { compareRisk } from './risk-points.ts'
import type { Match, Rule } from './rule.ts'
import { floorLevel } from './settle.ts'
import type { Snapshot } from './snapshot.ts'

/** What a new policy changes, one sentence each. Anything that is not provably tighter stands under `loosens`. */
export type Comparison = { loosens: string[]; tightens: string[] }

/**
 * Compares the policy in force with one that would follow it. A change counts as tightening only when no call at all could
 * be decided less strictly after it; whatever cannot be proven so from the rules alone counts as loosening. What people read
 * (reason, description, priority, order, file) is neither. Nothing loosens when there was no policy.
 */
export function compareSnapshots(before: Snapshot | null, after: Snapshot): Comparison {
  const result: Comparison = { loosens: [], tightens: [] }
  if (!before) return result
  const levels = { before: before.approvals, after: after.approvals }
  const old = new Map(before.rules.map((rule) => [rule.id, rule]))
  const fresh = new Set(after.rules.map((rule) => rule.id))
  for (const rule of before.rules) if (!fresh.has(rule.id)) compareRemoved(rule, result)
  for (const rule of after.rules) {
    const earlier = old.get(rule.id)
    if (earlier) compareRule(earlier, rule, levels, result)
    else compareAdded(rule, result)
  }
  compareAccess(before, after, result)
  if (before.default !== after.default) {
    if (after.default === 'by_risk')
      result.loosens.push('calls that no rule matches are decided by risk instead of denied')
    else result.tightens.push('calls that no rule matches are denied instead of decided by risk')
  }
  compareSettings(before, after, result)
  return result
}

/** What is said beside the rules: the points of risk, who may approve, and whether observe mode may be. */
function compareSettings(before: Snapshot, after: Snapshot, result: Comparison): void {
  // A higher score asks at the level of the floor where a rule asked at a lower one, and by risk at 2 where it asked at 1.
  const levels = { before: before.approvals, after: after.approvals }
  const byRisk = after.default === 'by_risk' ? lessAtHigher(levels, 1, 2) : null
  const less = lessAtHigher(levels, 1, floorLevel) ?? byRisk
  const { loosens, tightens } = compareRisk(before.points, after.points, {
    read: after.rules.some(looksAtRisk),
    less,
  })
  result.loosens.push(...loosens)
  result.tightens.push(...tightens)
  compareApprovals(before.approvals, after.approvals, result)
  if (before.observe === after.observe) return
  if (after.observe === 'allowed') result.loosens.push('observe mode is no longer forbidden')
  else result.tightens.push('observe mode is forbidden')
}

/** A rule that looks at the risk itself may forbid, or ask for, only what scores low; one from a score on may let through what scores high. */
function looksAtRisk({ when, match, effect }: Rule): boolean {
  return (when !== null && /\brisk\b/.test(when.source)) || (match.fromRisk !== null && effect !== 'DENY')
}

function compareAdded(rule: Rule, result: Comparison): void {
  const sentence = `rule \`${rule.id}\` is new: ${describeRule(rule).summary}`
  if (rule.effect === 'DENY') result.tightens.push(sentence)
  else result.loosens.push(sentence)
}

/**
 * Without a plain local ALLOW, its calls fall to other rules that already applied or to the default. Others may have held
 * calls back: by constraints, by a condition that fails, by patterns that take too long, or, if the organisation's, by outvoting
 * a local `accept_risk`. An alert that nobody gets any more is no tightening either.
 */
function compareRemoved(rule: Rule, result: Comparison): void {
  const sentence = `rule \`${rule.id}\` is gone: ${describeRule(rule).summary}`
  const slow = rule.match.names !== null || rule.match.resources !== null
  const said = Object.keys(rule.constraints).length + rule.alerts.length > 0 || rule.keepArguments
  const held = rule.when !== null || rule.origin === 'org' || slow || said
  if (rule.effect === 'ALLOW' && !held) result.tightens.push(sentence)
  else result.loosens.push(sentence)
}

function compareRule(before: Rule, after: Rule, levels: LevelChange, result: Comparison): void {
  const name = `rule \`${after.id}\``
  if (!sameCalls(before, after)) {
    result.loosens.push(`${name} is about other calls: ${describeRule(after).summary}`)
    return
  }
  if (before.origin !== after.origin) {
    const sentence = `${name} is now ${after.origin === 'org' ? "the organisation's" : 'a local rule'}`
    result.loosens.push(sentence)
  }
  compareVerdict(name, [before, after], levels, result)
  if (before.keepArguments !== after.keepArguments) {
    const sentence = `${name} ${after.keepArguments ? 'keeps' : 'no longer keeps'} the arguments of its calls`
    result[after.keepArguments ? 'tightens' : 'loosens'].push(sentence)
  }
  if (after.effect === 'DENY') return
  compareAcceptedRisk(name, [before, after], levels, result)
  compareConstraints(name, before.constraints, after.constraints, result)
  compareAlerts(name, before.alerts, after.alerts, result)
}

function compareAlerts(name: string, before: readonly string[], after: readonly string[], result: Comparison): void {
  if (before.join() === after.join()) return
  const words = (alerts: readonly string[]) => (alerts.length > 0 ? `on ${alerts.join(', ')}` : 'on nothing')
  const sentence = `${name} alerts ${words(after)} where it alerted ${words(before)}`
  if (before.every((alert) => after.includes(alert))) result.tightens.push(sentence)
  else result.loosens.push(sentence)
}

/** A stricter verdict may take the place of any that other rules, the floor or a tenant asked for, up to its own level. */
function compareVerdict(name: string, [before, after]: [Rule, Rule], levels: LevelChange, result: Comparison): void {
  const change = strictness(after) - strictness(before)
  if (change === 0) return
  const sentence = `${name} decides ${verdictOf(after)} where it decided ${verdictOf(before)}`
  const less = change > 0 && after.level !== null ? lessAtHigher(levels, before.level ?? 1, after.level) : null
  // A rule that accepts risk can lift the floor once it is among the strictest, so rising is proof only from the floor's level on.
  const lifts = after.acceptRisk !== null && (after.level ?? 0) < floorLevel
  if (change > 0 && !lifts && less === null) result.tightens.push(sentence)
  else result.loosens.push(because(sentence, less))
}

/** With less accepted, the floor asks where rules asked at a lower level: this one, or for the organisation's rules any that outvoted it. */
function compareAcceptedRisk(
  name: string,
  [before, after]: [Rule, Rule],
  levels: LevelChange,
  result: Comparison,
): void {
  const [was, is] = [before.acceptRisk, after.acceptRisk]
  if (was === is) return
  const words = (risk: number | null) => (risk === null ? 'no risk above the floor' : `risk up to ${risk}`)
  const sentence = `${name} accepts ${words(is)} where it accepted ${words(was)}`
  const fewer = is === null || (was !== null && is < was)
  const lowest = before.level ?? (before.origin === 'org' ? 1 : floorLevel)
  const less = fewer ? lessAtHigher(levels, lowest, floorLevel) : null
  if (fewer && less === null) result.tightens.push(sentence)
  else result.loosens.push(because(sentence, less))
}

const because = (sentence: string, less: string | null) => (less === null ? sentence : `${sentence}; ${less}`)

function strictness(rule: Rule): number {
  return effects.indexOf(rule.effect) * 10 + (rule.level ?? 0)
}

function verdictOf(rule: Rule): string {
  return rule.level === null ? rule.effect : `${rule.effect} at level ${rule.level}`
}

function sameCalls(before: Rule, after: Rule): boolean {
  return (
    (before.when?.source ?? null) === (after.when?.source ?? null) && picture(before.match) === picture(after.match)
  )
}

/** All that a match asks for, as one text; a part that is added to `Match` is in it by itself. */
function picture(match: Match): string {
  const words = (part: Match[keyof Match]) =>
    Array.isArray(part)
      ? [...new Set(part.map((item) => (typeof item === 'string' ? item : item.pattern)))].sort()
      : part
  return JSON.stringify(Object.entries(match).map(([name, part]) => [name, words(part)]))
}
