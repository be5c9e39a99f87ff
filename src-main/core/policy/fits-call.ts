import type { Envelope } from '../../../shared/envelope.ts'
import type { Glob } from './glob.ts'
import { isStrict, type Rule } from './rule.ts'

/**
 * Whether the parts of a rule that depend on the single request fit it, its condition left aside; what all requests for the same
 * thing share, the rule index has looked at. `today` is YYYY-MM-DD in UTC. Throws when matching would take too long.
 */
export function fitsCall({ match, effect }: Rule, envelope: Envelope, today: string): boolean {
  if (match.riskTags !== null && !shares(match.riskTags, envelope.risk_tags)) return false
  if (!fitsUser(match, envelope) || !fitsDay(match, today) || !fitsNamespace(match, envelope)) return false
  // A score that is no number denies before any rule is asked.
  if (match.fromRisk !== null && envelope.risk.score < match.fromRisk) return false
  if (match.resources === null) return true
  return fitsResources(match.resources, envelope.resource, isStrict(effect))
}

/** Whether a rule is about what this tool belongs to. */
function fitsNamespace({ namespaces }: Rule['match'], { tool }: Envelope): boolean {
  if (namespaces === null) return true
  const fits = (name: string) => namespaces.some((glob) => glob.fits(name))
  // What nobody may know any more of a recorded call is looked at only when it matters.
  return fits(tool.namespace) || fits(tool.module)
}

/** Whether a rule is about this user. */
function fitsUser({ roles, rolesNotIn }: Rule['match'], { user }: Envelope): boolean {
  return (roles === null || shares(roles, user.roles)) && (rolesNotIn === null || !shares(rolesNotIn, user.roles))
}

/** Whether a rule is about this day. */
function fitsDay({ afterDay, toDay }: Rule['match'], today: string): boolean {
  return (afterDay === null || today > afterDay) && (toDay === null || today <= toDay)
}

/** The server may read whichever of them it likes, so a strict rule needs one, and one that lets through needs all. */
export function fitsResources(globs: readonly Glob[], { paths, uris }: Envelope['resource'], strict: boolean): boolean {
  const named = [...paths, ...uris]
  const fits = (name: string) => globs.some((glob) => glob.fits(name))
  return strict ? named.some(fits) : named.length > 0 && named.every(fits)
}

function shares(a: readonly string[], b: readonly string[]): boolean {
  return a.some((item) => b.includes(item))
}
