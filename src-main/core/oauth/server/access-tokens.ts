import type { Way } from '../../origins.ts'
import type { OAuthTable } from '../../store/oauth-tables.ts'
import type { ClientsTable } from '../../store/registry-tables.ts'
import { consentOf } from './granting.ts'
import { hashId } from './hash-id.ts'
import { baseScope, covers, pathOfResource } from './resources.ts'

/**
 * Who an access token lets in at a path, or what is wrong with it (RFC 6750, 3.1). `lasts`: whether a token of the same yes is still good, this
 * one or one that it can be renewed to.
 */
export type TokenVerdict =
  | { client: { id: string; name: string; scopes: string; tenant: string }; lasts: () => boolean }
  | { refused: 'invalid_token' | 'insufficient_scope' }

const shape = /^Bearer +([\w-]{43})$/i
const invalid: TokenVerdict = { refused: 'invalid_token' }

/**
 * Looks an access token up where it is used, without the authorization server: by its hash, so that how long it takes says nothing of it. It
 * must be known, not over, issued for the origin by which it comes and for this path, and of a client that was not turned out. For whom its
 * client works says the consent that it hangs on, which no request changes; without one it lets nobody in.
 */
export function createAccessTokens(deps: { table: OAuthTable; clients: ClientsTable; now: () => number }) {
  const { table, clients, now } = deps
  return (authorization: string | undefined, path: string, way: Way): TokenVerdict => {
    const token = shape.exec(authorization ?? '')?.[1]
    if (token === undefined) return invalid
    const row = table.get('AccessToken', hashId(token))
    const grant = row?.grant_key
    if (!row?.client || !grant || (row.expires_at ?? 0) * 1000 <= now()) return invalid
    const consent = row.public_origin === way.publicOrigin ? consentOf(table, grant) : null
    if (!consent) return invalid
    const client = clients.get(row.client)
    if (client?.kind !== 'oauth' || client.revoked !== 0) return invalid
    const { aud, scope } = JSON.parse(row.body) as { aud?: unknown; scope?: unknown }
    const granted = typeof aud === 'string' ? pathOfResource(aud, way.alike) : null
    if (granted === null || !covers(granted, path)) return invalid
    const scopes = typeof scope === 'string' ? scope.split(' ') : []
    if (!scopes.includes(baseScope)) return { refused: 'insufficient_scope' }
    // The rights of this token, which may be fewer than its client was given by now.
    const held = JSON.stringify(scopes.filter((each) => each !== baseScope))
    return {
      client: { id: client.id, name: client.name, scopes: held, tenant: consent.tenant ?? '' },
      lasts: () => consentOf(table, grant) !== null && table.isLive(grant, Math.floor(now() / 1000)),
    }
  }
}
