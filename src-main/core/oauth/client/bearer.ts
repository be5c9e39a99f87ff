import { ToolgateError } from '../../../../shared/errors.ts'
import type { HttpLaunch } from '../../../../shared/server.ts'
import type { Clock, Log } from '../../ports.ts'
import type { Authorizer } from '../../upstream/http/authorizer.ts'
import { HttpFailure } from '../../upstream/http/await-answer.ts'
import { bearerChallenge, type Challenge } from './challenge.ts'
import { covers } from './discover.ts'
import { SignInFailure } from './failure.ts'
import type { Grant, Grants } from './grants.ts'
import { createGuardedFetch } from './guarded-fetch.ts'

/** A token that ends sooner than this is renewed first. */
const earlyMs = 30_000
/** A token that is refused so soon after it was issued is not renewed: the server does not want what it would get. */
const freshMs = 10_000

type Deps = {
  grants: Grants
  clock: Clock
  log: Log
  /** The server refused: what it wants is asked for in the next sign-in. */
  wanted: (server: string, challenge: Challenge | null) => void
  /** A sign-in was renewed for the first time, or is over because it could not be. Throws when that cannot be recorded. */
  event: (server: string, event: 'server.sign_in_renewed' | 'server.sign_in_ended', issuer: string) => void
}

/** Signs requests in to servers, with tokens that are renewed when they must be; one renewal serves all who wait. */
export function createBearer({ grants, clock, log, wanted, event }: Deps) {
  const renewals = new Map<string, Promise<Grant | null>>()

  function renewed(server: string, launch: HttpLaunch, grant: Grant): Promise<Grant | null> {
    const running = renewals.get(server)
    if (running) return running
    const renewal = renew(server, launch, grant).finally(() => renewals.delete(server))
    renewals.set(server, renewal)
    return renewal
  }

  /** The grant with new tokens; null when the authorization server no longer knows it. */
  async function renew(server: string, { reach }: HttpLaunch, grant: Grant): Promise<Grant | null> {
    const { issuer, client, resource, refresh } = grant
    if (refresh === null) return null
    try {
      const { renewTokens } = await import('./token-endpoint.ts')
      const issued = await renewTokens({ issuer, client, resource, fetch: createGuardedFetch(reach) }, refresh)
      // A person signed out, or in anew, while it was on its way.
      if (grants.get(server) !== grant) return grants.get(server)
      // Kept before anything else can fail: the refresh token that was used may be worth nothing any more.
      const next = grants.renew(server, grant, issued)
      if (!grant.renewed) event(server, 'server.sign_in_renewed', issuer.issuer)
      return next
    } catch (error) {
      if (!(error instanceof SignInFailure)) throw error
      log.warn('a sign-in could not be renewed', { server, why: error.message })
      if (!error.lost) throw new HttpFailure(`its sign-in could not be renewed, ${error.message}`)
      if (grants.get(server) === grant) {
        event(server, 'server.sign_in_ended', issuer.issuer)
        grants.forget(server)
      }
      return null
    }
  }

  /** INVARIANT: a token only goes to the server that it was issued for, at the address that was registered when it was. */
  function grantFor(server: string, launch: HttpLaunch, url: URL): Grant | null {
    const grant = grants.get(server)
    if (!grant || grant.url !== launch.url) return null
    return covers(grant.resource, url) ? grant : null
  }

  function insufficient(server: string, challenge: Challenge): never {
    wanted(server, challenge)
    const scopes = challenge.scopes?.map((scope) => `\`${scope}\``).join(', ')
    throw new ToolgateError('SERVER_WANTS_SCOPES', scopes?.slice(0, 500))
  }

  /** What signs the requests to one server in. */
  return function authorizer(launch: HttpLaunch): Authorizer {
    const { server } = launch
    if (server === undefined) throw new Error('a launch that does not come from the registry has no sign-in')
    return {
      async token(url) {
        const grant = grantFor(server, launch, url)
        if (!grant) return null
        const ends = grant.expires_at !== null && grant.expires_at - earlyMs <= clock.now()
        if (!ends || grant.refresh === null) return grant.access
        await renewed(server, launch, grant)
        // Meanwhile a person may have signed in to another address under this name.
        return grantFor(server, launch, url)?.access ?? null
      },

      async refused(url, token, status, challenges) {
        const challenge = bearerChallenge(challenges)
        if (status === 403) {
          if (challenge?.error === 'insufficient_scope') insufficient(server, challenge)
          return null
        }
        const grant = grantFor(server, launch, url)
        if (grant && token !== null) {
          if (grant.access !== token) return grant.access
          const fresh = clock.now() - grant.issued_at < freshMs
          if (!fresh) await renewed(server, launch, grant)
          const next = grantFor(server, launch, url)
          if (next && next.access !== token) return next.access
        }
        wanted(server, challenge)
        return null
      },
    }
  }
}
