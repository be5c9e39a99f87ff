import type { RiskFactor } from '../../shared/envelope.ts'

const actionWords: Record<string, string> = {
  read: 'it reads',
  write: 'it changes something',
  destructive: 'it may delete or overwrite',
}

/** Why a call is as risky as it is, in words. */
export function factorWords({ name, detail }: RiskFactor): string {
  const known: Record<string, string> = {
    action: actionWords[detail] ?? detail,
    trust: `the ${detail}`,
    environment: `the server works in ${detail}`,
    client: detail,
    sensitive_resource: `it touches a place of keys or settings: ${detail}`,
    near_protected: detail,
    external_destination: `it reaches ${detail}, outside of this machine`,
    asks_for_secret: `it asks you for what forms must not ask for: ${detail.replaceAll('`', '')}`,
    secret_in_arguments: `its arguments hold what looks like a secret: ${findingWords(detail)}`,
  }
  return known[name] ?? `${name.replaceAll('_', ' ')}: ${detail}`
}

/** What a safety rule looks for, in words: `aws-access-key` is an aws access key. */
export function findingWords(rule: string): string {
  return rule.replaceAll('-', ' ')
}
