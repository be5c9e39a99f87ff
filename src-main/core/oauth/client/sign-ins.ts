import { ToolgateError } from '../../../../shared/errors.ts'
import type { HttpLaunch } from '../../../../shared/server.ts'
import type { SignInView } from '../../../../shared/sign-in.ts'
import type { Clock, Log } from '../../ports.ts'
import { signsItselfIn } from '../../upstream/http/authorizer.ts'
import type { Vault } from '../../vault/vault.ts'
import { createBearer } from './bearer.ts'
import type { CallbackListener } from './callback-listener.ts'
import type { Challenge } from './challenge.ts'
import { type Discovered, discover } from './discover.ts'
import { SignInFailure } from './failure.ts'
import { createGrants, type Grant } from './grants.ts'
import { createGuardedFetch, type GuardedFetch } from './guarded-fetch.ts'
import type { OAuthClient } from './oauth-client.ts'
import { probe } from './probe.ts'
import { createRegistrations } from './registrations.ts'
import { scopesFor } from './scopes.ts'

/** How long a person may take in the browser. */
const waitMs = 10 * 60_000
/** Loaded when somebody signs in: gateways that never do need no memory for it. */
const tokenEndpoint = () => import('./token-endpoint.ts')
/** Sign-ins for the same scopes after which a server that still wants them is not believed any more (MCP, step-up). */
const mostForSameScopes = 2

type SignInDeps = {
  vault: Vault
  clock: Clock
  log: Log
  /** Address of a document that says who we are; null for none. */
  document: string | null
  /** Writes an event into the audit log; throws when it cannot. */
  record: (event: string, detail: Record<string, unknown>) => void
  /** How a server stands with its sign-in is not as it was. */
  onChange: () => void
  /** A sign-in that was good is over without anybody's doing: a person should know. */
  onEnded: (server: string) => void
}

/** A server to sign in to, its launch with all values. */
export type SignInTarget = { name: string; launch: HttpLaunch }

type Waiting = { url: string; cancel: (why: string) => void }
type Asked = {
  target: SignInTarget
  turn: number
  door: string
  found: Discovered
  client: OAuthClient
  callback: CallbackListener
  scopes: string[]
  fetch: GuardedFetch
  stepUp: string | null
}

export type SignIns = ReturnType<typeof createSignIns>

/** Signing in to servers over HTTP, as an OAuth 2.1 client (MCP, authorization), and what becomes of it. */
export function createSignIns(deps: SignInDeps) {
  const { vault, clock, log, record, onChange, onEnded } = deps
  const grants = createGrants({ vault, clock, log })
  const registrations = createRegistrations(deps)
  const waiting = new Map<string, Waiting>()
  const problems = new Map<string, string>()
  const wants = new Map<string, Challenge | null>()
  /** Sign-ins that were made for the same scopes, by server and scopes. */
  const stepUps = new Map<string, number>()
  /** Counts what was begun or dropped, by server: whoever is overtaken while they wait for something goes no further. */
  const turns = new Map<string, number>()
  const finishing = new Set<Promise<void>>()

  const authorizer = createBearer({
    ...{ grants, clock, log },
    wanted(server, challenge) {
      wants.set(server, challenge)
      onChange()
    },
    event(server, event, issuer) {
      record(event, { server, issuer })
      onChange()
      if (event === 'server.sign_in_ended') onEnded(server)
    },
  })

  async function found({ name, launch }: SignInTarget, fetch: GuardedFetch) {
    const remembered = wants.get(name)
    const challenge = remembered === undefined ? await probe(launch) : remembered
    const prefer = registrations.given(name)
    return { challenge, found: await discover(new URL(launch.url), launch.reach, challenge, fetch, prefer) }
  }

  async function begin(target: SignInTarget, door: string): Promise<string> {
    const { name, launch } = target
    waiting.get(name)?.cancel('another sign-in was begun')
    const turn = nextTurn(name)
    problems.delete(name)
    const fetch = createGuardedFetch(launch.reach)
    const { challenge, found: where } = await found(target, fetch)
    const stepUp =
      challenge?.error === 'insufficient_scope' ? `${name} ${challenge.scopes?.toSorted().join(' ')}` : null
    if (stepUp && (stepUps.get(stepUp) ?? 0) >= mostForSameScopes) {
      throw new SignInFailure('the server wants the same rights again although it was signed in to for them', {
        hint: 'ask whoever runs the server, or sign out first and start over',
      })
    }
    const { client, callback } = await registrations.clientFor(name, where.issuer, fetch)
    const scopes = scopesFor(where, challenge, grants.get(name))
    const asked = { ...{ target, turn, door, found: where, client, callback, scopes, fetch, stepUp } }
    try {
      return await open(asked)
    } catch (error) {
      callback.close()
      throw error
    }
  }

  function nextTurn(name: string): number {
    const turn = (turns.get(name) ?? 0) + 1
    turns.set(name, turn)
    return turn
  }

  /** Begins to wait for the browser; gives the address to open. */
  async function open(asked: Asked): Promise<string> {
    const { target, turn, door, found: where, callback, client, scopes } = asked
    const { newProof } = await tokenEndpoint()
    const { state, verifier, challenge } = await newProof()
    const url = new URL(where.issuer.authorization_endpoint)
    const parameters = {
      ...{ response_type: 'code', client_id: client.client_id, redirect_uri: callback.redirectUri, state },
      ...{ code_challenge: challenge, code_challenge_method: 'S256' },
      ...{ resource: where.resource, ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}) },
      // OpenID Connect gives a refresh token for this scope only when the person is asked.
      ...(scopes.includes('offline_access') ? { prompt: 'consent' } : {}),
    }
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    if (turns.get(target.name) !== turn) {
      throw new SignInFailure('another sign-in was begun, or the server is not what it was')
    }
    record('server.sign_in_started', { server: target.name, door, issuer: where.issuer.issuer, scopes })
    const cancelled = Promise.withResolvers<never>()
    const own: Waiting = { url: url.href, cancel: (why) => cancelled.reject(new SignInFailure(why)) }
    waiting.set(target.name, own)
    const stop = clock.after(waitMs, () => own.cancel(`nobody finished it within ${waitMs / 60_000} minutes`))
    const answer = Promise.race([callback.answer(state), cancelled.promise])
    const finished = finish(asked, own, answer, { state, verifier }).finally(() => {
      finishing.delete(finished)
      stop()
      callback.close()
      if (waiting.get(target.name) === own) waiting.delete(target.name)
      onChange()
    })
    finishing.add(finished)
    onChange()
    return url.href
  }

  async function finish(
    asked: Asked,
    own: Waiting,
    answer: Promise<URLSearchParams>,
    { state, verifier }: { state: string; verifier: string },
  ): Promise<void> {
    const { target, door, found: where, client, callback, scopes, fetch } = asked
    const { issuer, resource } = where
    const { name, launch } = target
    const at = { issuer, client, resource, fetch }
    try {
      const { checkAnswer, exchangeCode } = await tokenEndpoint()
      const checked = checkAnswer(await answer, state, at)
      const issued = await exchangeCode(at, checked, callback.redirectUri, verifier)
      if (waiting.get(name) !== own) throw new SignInFailure('another sign-in was begun, or the server is gone')
      const granted = issued.scopes ?? scopes
      record('server.signed_in', { server: name, door, issuer: issuer.issuer, resource, scopes: granted })
      grants.begin(name, { url: launch.url, resource, issuer, client, asked: scopes }, issued)
      wants.delete(name)
      if (asked.stepUp) stepUps.set(asked.stepUp, (stepUps.get(asked.stepUp) ?? 0) + 1)
    } catch (error) {
      failed(asked, own, error)
    }
  }

  function failed({ target: { name }, door, found: where }: Asked, own: Waiting, error: unknown): void {
    const known = error instanceof SignInFailure || error instanceof ToolgateError
    const why = known ? error.message : 'Toolgate failed, see the log'
    if (!known) log.error('a sign-in failed', { server: name, error: String(error) })
    const { issuer } = where.issuer
    if (waiting.get(name) === own) problems.set(name, why)
    try {
      record('server.sign_in_failed', { server: name, door, issuer, why })
      if (error instanceof SignInFailure && error.lost === 'client') registrations.forgetMade(name, issuer)
    } catch (second) {
      log.error('a failed sign-in could not be written down', { server: name, why: (second as Error).message })
    }
  }

  /** Ends what is under way, and forgets what the server said that it wants. */
  function setAside(name: string, why: string): void {
    nextTurn(name)
    waiting.get(name)?.cancel(why)
    waiting.delete(name)
    for (const known of [problems, wants]) known.delete(name)
    for (const key of stepUps.keys()) if (key.startsWith(`${name} `)) stepUps.delete(key)
    onChange()
  }

  /** Forgets tokens here whatever happens, and tells the authorization server, which may not hear it. */
  async function drop(name: string, reach: HttpLaunch['reach']): Promise<{ issuer: string; revoked: boolean } | null> {
    setAside(name, 'it was signed out')
    // One that cannot be read any more is forgotten all the same.
    const grant = grants.readable(name)
    grants.forget(name)
    onChange()
    return grant && { issuer: grant.issuer.issuer, revoked: await revoked(grant, reach) }
  }

  async function revoked(grant: Grant, reach: HttpLaunch['reach']): Promise<boolean> {
    const { issuer, client, resource, access, refresh } = grant
    if (!issuer.revocation_endpoint) return false
    try {
      const { revokeToken } = await tokenEndpoint()
      const at = { issuer, client, resource, fetch: createGuardedFetch(reach) }
      for (const token of [refresh, access]) if (token !== null) await revokeToken(at, token)
      return true
    } catch (error) {
      log.warn('tokens could not be revoked', { issuer: issuer.issuer, why: (error as Error).message })
      return false
    }
  }

  return {
    authorizer,

    /** Begins a sign-in; gives the address that a person opens in a browser. Rejects with SignInFailure. */
    begin,

    /** Keeps a client that a person registered with the server's authorization server; gives issuer and redirect address. */
    async useClient(target: SignInTarget, id: string, secret: string | null, door: string) {
      const { issuer } = (await found(target, createGuardedFetch(target.launch.reach))).found
      record('server.sign_in_client', { server: target.name, door, issuer: issuer.issuer, client_id: id })
      return { issuer: issuer.issuer, redirect_uri: await registrations.give(target.name, issuer, id, secret) }
    },

    /** Signs out, and forgets who we were to its authorization server unless a person said it. */
    async signOut({ name, launch }: SignInTarget, door: string): Promise<void> {
      const issuer = grants.get(name)?.issuer.issuer
      record('server.signed_out', { server: name, door, issuer: issuer ?? null })
      const dropped = await drop(name, launch.reach)
      if (dropped) registrations.forgetMade(name, dropped.issuer)
    },

    /**
     * The server is another place now, and nobody proved to be there who may sign out: tokens stay where only the place for
     * which they were issued can get them.
     */
    moved: (name: string): void => setAside(name, 'the server was changed'),

    /** The server is no longer registered as it was: nothing of its sign-in is kept. */
    async forget({ name, launch }: SignInTarget): Promise<void> {
      const dropped = drop(name, launch.reach)
      try {
        registrations.forget(name)
      } finally {
        await dropped
      }
    },

    /** How a server stands with its sign-in; null when a header of its own signs it in. */
    view(name: string, launch: HttpLaunch): SignInView | null {
      if (signsItselfIn(launch)) return null
      const kept = grants.readable(name)
      const grant = kept && kept.url === launch.url ? kept : null
      const at = (ms: number | null | undefined) =>
        ms === null || ms === undefined ? null : new Date(ms).toISOString()
      return {
        state: waiting.has(name) ? 'waiting' : grant ? 'signed_in' : 'signed_out',
        wanted: wants.has(name),
        wanted_scopes: wants.get(name)?.scopes ?? [],
        since: at(grant?.signed_in_at),
        expires_at: at(grant?.expires_at),
        renews: grant !== null && grant.refresh !== null,
        scopes: grant?.scopes ?? [],
        issuer: grant?.issuer.issuer ?? null,
        problem: problems.get(name) ?? null,
      }
    },

    /** Ends what waits for a browser, and waits until that is recorded. */
    async close(): Promise<void> {
      for (const { cancel } of waiting.values()) cancel('Toolgate ended')
      await Promise.all(finishing)
    },
  }
}
