import type { Action, Classification, RiskFactor, TrustLevel } from '../../../shared/envelope.ts'
import { type RiskFactorName, type RiskPoints, riskFactors } from '../../../shared/risk-factors.ts'
import type { FindingCount } from '../safety/scan.ts'
import type { CallHistory } from './history.ts'

/** What is known about a call when it is scored. */
export type RiskInput = {
  action: Action
  trustLevel: TrustLevel
  classification: Classification
  environment: string
  identity: 'verified' | 'claimed'
  paths: readonly string[]
  hosts: readonly string[]
  findings: readonly FindingCount[]
  /** A folder that the call names and that holds Toolgate's files or a client's configuration, or null. */
  nearProtected: string | null
  /** What a form of a server asks for that forms must not ask for, or null. */
  asksForSecret: string | null
  /** What earlier calls and the clock said when this one came in. */
  history: CallHistory
}

/** Score and factors of a call; the score is 0–100. */
export type Risk = { score: number; factors: RiskFactor[] }

/** Longer details than this are cut where they are recorded: a path or host is as long as whoever sent it likes. */
const longestDetail = 1_000

/** Places whose content gives access to something else. */
const sensitive =
  /(^|\/)(\.ssh|\.gnupg|\.aws|\.kube|\.docker|\.azure)(\/|$)|(^|\/)(\.env(\.[\w-]+)?|\.netrc|\.npmrc|\.pypirc|id_(rsa|ed25519|ecdsa)|shadow|sudoers|credentials[^/]*|[^/]*\.(pem|p12|pfx|keystore|kdbx))$|^\/(etc|boot|sys|proc)(\/|$)/i

const local = /^(localhost|127\.|\[?::1\]?$|.*\.local$)/

const harmless = /^(dev|development|test|staging|local|non_prod)$/

/**
 * Risk of a call, 0–100, with every factor that applies and its points, those of none included: what is recorded can be
 * scored again under other points. Takes time proportional to the paths and hosts that were found.
 */
export function scoreRisk(input: RiskInput, points: RiskPoints): Risk {
  const factors: RiskFactor[] = []
  // Fields in the order in which they are recorded.
  const add = (name: RiskFactorName, detail: string | null | undefined) => {
    if (detail !== null && detail !== undefined) {
      factors.push({ detail: detail.slice(0, longestDetail), name, points: points[name] })
    }
  }
  const { history, environment, findings } = input
  add(`action.${input.action}`, input.action)
  add(`trust.${input.trustLevel}`, `server is ${input.trustLevel}`)
  add(`classification.${input.classification}`, input.classification)
  add('environment', harmless.test(environment) ? null : environment)
  add('client', input.identity === 'claimed' ? 'the client only claims its name' : null)
  add('novelty', history.novelty)
  add('volume', history.volume)
  add('time', history.time)
  add(
    'sensitive_resource',
    input.paths.find((path) => sensitive.test(path.replaceAll('\\', '/'))),
  )
  add('near_protected', input.nearProtected === null ? null : `${input.nearProtected} holds protected files`)
  add(
    'external_destination',
    input.hosts.find((host) => !local.test(host)),
  )
  add('secret_in_arguments', findings[0]?.rule)
  add('asks_for_secret', input.asksForSecret)
  return { score: total(factors), factors }
}

/** What a call that was scored before scores under other points; a factor that is not known any more keeps its own. */
export function scoreAgain(factors: readonly RiskFactor[], points: RiskPoints): Risk {
  const scored = factors.map((factor) =>
    Object.hasOwn(riskFactors, factor.name) ? { ...factor, points: points[factor.name as RiskFactorName] } : factor,
  )
  return { score: total(scored), factors: scored }
}

function total(factors: readonly RiskFactor[]): number {
  return Math.min(
    100,
    factors.reduce((sum, { points }) => sum + points, 0),
  )
}
