import { z } from 'zod'
import type { Clock } from '../../ports.ts'
import type { Vault } from '../../vault/vault.ts'
import {
  type CallbackListener,
  type CallbackPlace,
  callbackAddress,
  newCallbackPath,
  openCallback,
  placeOf,
} from './callback-listener.ts'
import type { AuthorizationServer } from './discover.ts'
import { SignInFailure } from './failure.ts'
import type { GuardedFetch } from './guarded-fetch.ts'
import { authMethods, type OAuthClient } from './oauth-client.ts'

/** Who we are to one issuer, for one server. `given`: a person registered us there, by hand. */
const Registration = z.strictObject({
  client_id: z.string(),
  client_secret: z.string().nullable(),
  auth_method: z.enum(authMethods),
  redirect_uri: z.string(),
  given: z.boolean(),
  /** Milliseconds since 1970; null when it does not end. */
  expires_at: z.number().nullable(),
})
export type Registration = z.infer<typeof Registration>

/** By issuer: what one authorization server knows us by is never shown to another. */
const Registrations = z.record(z.string(), Registration)

/**
 * As whom we sign in: given by a person, by a document that says who we are (`document`, its address), or registered by
 * ourselves. Kept in the vault, per server and issuer.
 */
export function createRegistrations({
  vault,
  clock,
  document,
}: {
  vault: Vault
  clock: Clock
  document: string | null
}) {
  const entry = (server: string) => `clients/${server}`

  function all(server: string): z.infer<typeof Registrations> {
    const kept = vault.get(entry(server))
    return kept ? Registrations.parse(JSON.parse(kept.toString('utf8'))) : {}
  }

  function put(server: string, issuer: string, registration: Registration): void {
    vault.set(entry(server), Buffer.from(JSON.stringify({ ...all(server), [issuer]: registration })))
  }

  async function made(server: string, issuer: AuthorizationServer, fetch: GuardedFetch) {
    if (!issuer.registration_endpoint) {
      throw new SignInFailure('the authorization server takes no registrations', {
        hint: 'register Toolgate there by hand, then give its id with `toolgate servers sign-in <name> --client-id <id>`',
      })
    }
    const callback = await openCallback({ port: 0, path: newCallbackPath() })
    try {
      const { registerClient } = await import('./token-endpoint.ts')
      const { redirectUri: redirect_uri } = callback
      const registration = { ...(await registerClient(issuer, redirect_uri, fetch)), redirect_uri, given: false }
      put(server, issuer.issuer, registration)
      return { client: registration, callback }
    } catch (error) {
      callback.close()
      throw error
    }
  }

  return {
    /** Issuers for which a person gave a client. */
    given: (server: string): string[] =>
      Object.entries(all(server)).flatMap(([issuer, { given }]) => (given ? [issuer] : [])),

    /** The client to sign in as, and a listener at the address that was registered for it. Rejects with SignInFailure. */
    async clientFor(
      server: string,
      issuer: AuthorizationServer,
      fetch: GuardedFetch,
    ): Promise<{ client: OAuthClient; callback: CallbackListener }> {
      const known = all(server)[issuer.issuer]
      if (known?.given) return { client: known, callback: await exactly(placeOf(known.redirect_uri)) }
      if (document !== null && issuer.client_id_metadata_document_supported) {
        const client = { client_id: document, client_secret: null, auth_method: 'none' as const }
        return { client, callback: await openCallback({ port: 0, path: '/callback' }) }
      }
      if (known && (known.expires_at === null || known.expires_at > clock.now())) {
        // An authorization server may want exactly the address that was registered: where its port is taken, register anew.
        const callback = await openCallback(placeOf(known.redirect_uri)).catch(() => null)
        if (callback) return { client: known, callback }
      }
      return made(server, issuer, fetch)
    },

    /** Keeps a client that a person registered by hand; gives the address that must be registered as its redirect. */
    async give(server: string, issuer: AuthorizationServer, id: string, secret: string | null): Promise<string> {
      const before = all(server)[issuer.issuer]
      const redirect_uri = before?.given ? before.redirect_uri : callbackAddress(await freePlace())
      const { methodOf } = await import('./token-endpoint.ts')
      const auth_method = methodOf(issuer, secret)
      put(server, issuer.issuer, {
        ...{ client_id: id, client_secret: secret, auth_method, redirect_uri, given: true, expires_at: null },
      })
      return redirect_uri
    },

    /** Forgets who we are to an issuer, unless a person said it. */
    forgetMade(server: string, issuer: string): void {
      const { [issuer]: known, ...rest } = all(server)
      if (known && !known.given) vault.set(entry(server), Buffer.from(JSON.stringify(rest)))
    },

    /** Forgets everything about a server. */
    forget: (server: string) => vault.delete(entry(server)),
  }
}

async function exactly(place: CallbackPlace): Promise<CallbackListener> {
  try {
    return await openCallback(place)
  } catch {
    throw new SignInFailure(`port ${place.port}, to which the sign-in comes back, is taken by another program`)
  }
}

/** A place that is free now, to be registered for later. */
async function freePlace(): Promise<CallbackPlace> {
  const callback = await openCallback({ port: 0, path: newCallbackPath() })
  callback.close()
  return placeOf(callback.redirectUri)
}
