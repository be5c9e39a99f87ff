import type { RiskFactor } from '../../shared/envelope.ts'
import { type RiskFactorName, riskFactors } from '../../shared/risk-factors.ts'

/** Why a call is as risky as it is, in words. */
export function factorWords({ name, detail }: RiskFactor): string {
  // Records keep the names of factors that are not known any more.
  if (!Object.hasOwn(riskFactors, name)) return `${name.replaceAll(/[_.]/g, ' ')}: ${detail}`
  const shown = name === 'secret_in_arguments' ? findingWords(detail) : detail.replaceAll('`', '')
  return riskFactors[name as RiskFactorName].words.replace('{}', () => shown)
}

/** What a safety rule looks for, in words: `aws-access-key` is an aws access key. */
export function findingWords(rule: string): string {
  return rule.replaceAll('-', ' ')
}
