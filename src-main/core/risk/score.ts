import type { Action, RiskFactor, TrustLevel } from '../../../shared/envelope.ts'
import type { Finding } from '../safety/scan.ts'

/** What is known about a call when it is scored. */
export type RiskInput = {
  action: Action
  trustLevel: TrustLevel
  environment: string
  identity: 'verified' | 'claimed'
  paths: readonly string[]
  hosts: readonly string[]
  findings: readonly Finding[]
  /** A folder that the call names and that holds Toolgate's files or a client's configuration, or null. */
  nearProtected: string | null
  /** What a form of a server asks for that forms must not ask for, or null. */
  asksForSecret: string | null
}

const actionPoints: Record<Action, number> = { read: 5, write: 30, destructive: 50 }
const trustPoints: Record<TrustLevel, number> = { trusted: 0, restricted: 5, sandbox: 15 }

/** Places whose content gives access to something else. */
const sensitive =
  /(^|\/)(\.ssh|\.gnupg|\.aws|\.kube|\.docker|\.azure)(\/|$)|(^|\/)(\.env(\.[\w-]+)?|\.netrc|\.npmrc|\.pypirc|id_(rsa|ed25519|ecdsa)|shadow|sudoers|credentials[^/]*|[^/]*\.(pem|p12|pfx|keystore|kdbx))$|^\/(etc|boot|sys|proc)(\/|$)/i

const local = /^(localhost|127\.|\[?::1\]?$|.*\.local$)/

/** Risk of a call, 0–100, with every factor and its points (documented in docs/policy.md). */
export function scoreRisk(input: RiskInput): { score: number; factors: RiskFactor[] } {
  // Fields in the order in which they are recorded.
  const factors: RiskFactor[] = [{ detail: input.action, name: 'action', points: actionPoints[input.action] }]
  const add = (name: string, points: number, detail: string) => {
    if (points > 0) factors.push({ detail, name, points })
  }
  add('trust', trustPoints[input.trustLevel], `server is ${input.trustLevel}`)
  add(
    'environment',
    /^(dev|development|test|staging|local|non_prod)$/.test(input.environment) ? 0 : 10,
    input.environment,
  )
  add('client', input.identity === 'claimed' ? 3 : 0, 'the client only claims its name')
  const secretPlace = input.paths.find((path) => sensitive.test(path.replaceAll('\\', '/')))
  if (secretPlace) add('sensitive_resource', 25, secretPlace)
  if (input.nearProtected !== null) add('near_protected', 15, `${input.nearProtected} holds protected files`)
  const outside = input.hosts.find((host) => !local.test(host))
  if (outside) add('external_destination', 10, outside)
  const secret = input.findings[0]
  if (secret) add('secret_in_arguments', 30, secret.rule)
  if (input.asksForSecret !== null) add('asks_for_secret', 70, input.asksForSecret)
  const total = factors.reduce((sum, { points }) => sum + points, 0)
  return { score: Math.min(100, total), factors }
}
