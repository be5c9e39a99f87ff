import type { Action, TrustLevel } from '../../../shared/envelope.ts'

/** What `default: by_risk` says about a call that no rule matches. */
export type RiskVerdict = { effect: 'ALLOW' | 'REQUIRE_APPROVAL' | 'DENY'; level: number | null; why: string }

/**
 * Seed 003's table: scores 0–30 run, 31–70 ask, 71–100 are denied; `trusted` servers run below 50, `restricted` ones ask for
 * everything that is not a read, `sandbox` ones are denied. Asks at level 1, above 50 at level 2 (its example: 65, level 2).
 */
export function byRisk(score: number, trust: TrustLevel, action: Action): RiskVerdict {
  if (trust === 'sandbox') return { effect: 'DENY', level: null, why: 'its server is a sandbox' }
  if (score > 70) return { effect: 'DENY', level: null, why: `its risk score of ${score} is above 70` }
  const ask = { effect: 'REQUIRE_APPROVAL', level: score > 50 ? 2 : 1 } as const
  if (trust === 'trusted') {
    return score < 50
      ? { effect: 'ALLOW', level: null, why: `its risk score of ${score} is below 50 on a trusted server` }
      : { ...ask, why: `its risk score of ${score} is not below 50` }
  }
  if (action !== 'read') return { ...ask, why: 'it is not a read, on a restricted server' }
  return score > 30
    ? { ...ask, why: `its risk score of ${score} is above 30` }
    : { effect: 'ALLOW', level: null, why: `its risk score of ${score} is at most 30` }
}
