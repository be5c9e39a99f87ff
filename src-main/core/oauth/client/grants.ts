import { z } from 'zod'
import type { Clock, Log } from '../../ports.ts'
import type { Vault } from '../../vault/vault.ts'
import { AuthorizationServer } from './discover.ts'
import { authMethods, type Issued, type OAuthClient } from './oauth-client.ts'

/** What a sign-in brought: tokens, and everything that they are bound to. */
const Grant = z.strictObject({
  /** Address of the server as it was registered, and the resource for which the tokens were issued. */
  url: z.string(),
  resource: z.string(),
  issuer: AuthorizationServer,
  client: z.strictObject({
    client_id: z.string(),
    client_secret: z.string().nullable(),
    auth_method: z.enum(authMethods),
  }),
  access: z.string(),
  refresh: z.string().nullable(),
  scopes: z.array(z.string()),
  /** Milliseconds since 1970; null when the authorization server does not say. */
  expires_at: z.number().nullable(),
  issued_at: z.number(),
  signed_in_at: z.number(),
  renewed: z.boolean(),
})
export type Grant = z.infer<typeof Grant>

export type Grants = ReturnType<typeof createGrants>

/** The sign-ins to servers, in the vault, with a working copy in memory. All throw VAULT_UNREADABLE. */
export function createGrants({ vault, clock, log }: { vault: Vault; clock: Clock; log: Log }) {
  const known = new Map<string, Grant | null>()
  const entry = (server: string) => `grant/${server}`

  function read(server: string): Grant | null {
    const kept = vault.get(entry(server))
    if (!kept) return null
    const parsed = Grant.safeParse(JSON.parse(kept.toString('utf8')))
    if (parsed.success) return parsed.data
    log.warn('a sign-in of another version was left aside', { server })
    return null
  }

  function put(server: string, grant: Grant): Grant {
    vault.set(entry(server), Buffer.from(JSON.stringify(grant)))
    known.set(server, grant)
    return grant
  }

  function get(server: string): Grant | null {
    const grant = known.get(server)
    if (grant !== undefined) return grant
    const found = read(server)
    known.set(server, found)
    return found
  }

  const times = ({ lifetimeSec }: Issued) => {
    const now = clock.now()
    return { issued_at: now, expires_at: lifetimeSec === null ? null : now + lifetimeSec * 1000 }
  }

  return {
    get,

    /** The sign-in; null also when it cannot be read. */
    readable(server: string): Grant | null {
      try {
        return get(server)
      } catch {
        return null
      }
    },

    /** Keeps what a person's sign-in brought. */
    begin(
      server: string,
      bound: Pick<Grant, 'url' | 'resource' | 'issuer'> & { client: OAuthClient; asked: readonly string[] },
      issued: Issued,
    ): Grant {
      const { asked, client, ...to } = bound
      const { client_id, client_secret, auth_method } = client
      return put(server, {
        ...{ ...to, client: { client_id, client_secret, auth_method }, access: issued.access, refresh: issued.refresh },
        ...{ scopes: issued.scopes ?? [...asked], ...times(issued), signed_in_at: clock.now(), renewed: false },
      })
    },

    /** Keeps what a renewal brought; a new refresh token takes the place of the one that was used. */
    renew(server: string, grant: Grant, issued: Issued): Grant {
      const { access, refresh, scopes } = issued
      return put(server, {
        ...{ ...grant, access, refresh: refresh ?? grant.refresh, scopes: scopes ?? grant.scopes },
        ...{ ...times(issued), renewed: true },
      })
    },

    forget(server: string): void {
      known.set(server, null)
      vault.delete(entry(server))
    },
  }
}
