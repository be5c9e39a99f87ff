import { type RiskPoints, riskFactorNames, usualPoints } from '../../../shared/risk-factors.ts'
import type { RiskPart } from '../../../shared/risk-part.ts'
import type { Comparison } from './compare.ts'

/** What one policy file says about risk, and whose it is; `risk` is undefined in most files. */
export type RiskStatement = { origin: 'local' | 'org'; risk: RiskPart | undefined }

/**
 * The points that hold under a set of policy files, whatever their order: of several files that name a factor the highest
 * counts. What an organisation says wins over the usual points. Local files only raise as soon as one file is the
 * organisation's, since its rules count on the points that it knows; on a machine of one's own they may lower too.
 */
export function combineRiskPoints(files: readonly RiskStatement[]): RiskPoints {
  const governed = files.some(({ origin }) => origin === 'org')
  const said = (origin: RiskStatement['origin'], name: keyof RiskPoints): number | undefined => {
    const points = files.flatMap((file) => (file.origin === origin ? (file.risk?.points[name] ?? []) : []))
    return points.length === 0 ? undefined : Math.max(...points)
  }
  const points = riskFactorNames.map((name) => {
    const base = said('org', name) ?? usualPoints[name]
    const local = said('local', name) ?? base
    return [name, governed ? Math.max(base, local) : local]
  })
  return Object.fromEntries(points) as RiskPoints
}

/** What keeps more points from tightening: a rule that looks at the risk itself may forbid only what scores low; a higher level may take less. */
type Doubt = { read: boolean; less: string | null }

/** Compares the points in force with those that would follow. Fewer points always loosen; more points tighten, unless in doubt. */
export function compareRisk(before: RiskPoints, after: RiskPoints, { read, less }: Doubt): Comparison {
  const result: Comparison = { loosens: [], tightens: [] }
  for (const name of riskFactorNames) {
    if (before[name] === after[name]) continue
    const sentence = `the risk factor \`${name}\` counts ${after[name]} points where it counted ${before[name]}`
    const more = after[name] > before[name]
    if (more && !read && less === null) result.tightens.push(sentence)
    else result.loosens.push(more && less !== null ? `${sentence}; ${less}` : sentence)
  }
  return result
}
