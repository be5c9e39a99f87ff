import { type Challenge, fitScopes } from './challenge.ts'
import type { Discovered } from './discover.ts'
import type { Grant } from './grants.ts'

/** What is asked for: what the server wants now, else what it knows; beside what was granted before (MCP, scope selection). */
export function scopesFor({ scopes, issuer }: Discovered, challenge: Challenge | null, before: Grant | null): string[] {
  const wanted = challenge?.scopes ?? scopes ?? []
  if (wanted.length === 0) return []
  const kept = before && before.issuer.issuer === issuer.issuer ? before.scopes : []
  const offline = issuer.scopes_supported?.includes('offline_access') ? ['offline_access'] : []
  return fitScopes([...kept, ...wanted, ...offline])
}
