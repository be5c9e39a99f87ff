import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import { scopesIn } from './challenge.ts'
import type { AuthorizationServer } from './discover.ts'
import { SignInFailure } from './failure.ts'
import type { GuardedFetch, Sent } from './guarded-fetch.ts'
import { authMethods, type Issued, type OAuthClient } from './oauth-client.ts'

type At = { issuer: AuthorizationServer; client: OAuthClient; resource: string; fetch: GuardedFetch }

/** Ten years: whatever else an authorization server says would be no moment that can be shown. */
const longestLifetimeSec = 10 * 365 * 24 * 3600

const shortName = /^[\w.-]{1,60}$/

/** What one sign-in is known by: a state, and a verifier whose challenge alone leaves this machine before the end (RFC 7636). */
export async function newProof(): Promise<{ state: string; verifier: string; challenge: string }> {
  const verifier = oauth.generateRandomCodeVerifier()
  const challenge = await oauth.calculatePKCECodeChallenge(verifier)
  return { state: oauth.generateRandomState(), verifier, challenge }
}

/** Checks what a browser brought back: state, `iss` (RFC 9207) and errors. Throws SignInFailure. */
export function checkAnswer(answer: URLSearchParams, state: string, { issuer, client }: At): URLSearchParams {
  try {
    return oauth.validateAuthResponse(issuer, clientOf(client), answer, state)
  } catch (error) {
    throw failureOf(error, 'the sign-in')
  }
}

/** Exchanges a code that `checkAnswer` let through for tokens (RFC 6749 section 4.1.3, RFC 7636, RFC 8707). */
export async function exchangeCode(
  at: At,
  answer: URLSearchParams,
  redirectUri: string,
  verifier: string,
): Promise<Issued> {
  return asked('the exchange of the code', async () => {
    const { issuer, client, resource } = at
    const response = await oauth.authorizationCodeGrantRequest(
      ...([issuer, clientOf(client), authOf(client), answer, redirectUri, verifier] as const),
      { ...optionsOf(at), additionalParameters: { resource } },
    )
    return issuedOf(await oauth.processAuthorizationCodeResponse(issuer, clientOf(client), response))
  })
}

/** Exchanges a refresh token for tokens (RFC 6749 section 6). */
export async function renewTokens(at: At, refreshToken: string): Promise<Issued> {
  return asked('the renewal', async () => {
    const { issuer, client, resource } = at
    const response = await oauth.refreshTokenGrantRequest(
      ...([issuer, clientOf(client), authOf(client), refreshToken] as const),
      { ...optionsOf(at), additionalParameters: { resource } },
    )
    return issuedOf(await oauth.processRefreshTokenResponse(issuer, clientOf(client), response))
  })
}

/** Tells the authorization server that a token is no longer wanted (RFC 7009). */
export async function revokeToken(at: At, token: string): Promise<void> {
  await asked('the revocation', async () => {
    const { issuer, client } = at
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(issuer, clientOf(client), authOf(client), token, optionsOf(at)),
    )
  })
}

/** What a registration is answered with. The RFC asks for an expiry beside each secret; many servers leave it out. */
const Registered = z.object({
  client_id: z.string().min(1).max(2048),
  client_secret: z.string().min(1).max(4096).nullish(),
  client_secret_expires_at: z.number().nullish(),
  token_endpoint_auth_method: z.string().nullish(),
})

/** Registers us with an authorization server (RFC 7591). Rejects with SignInFailure. */
export async function registerClient(
  issuer: AuthorizationServer,
  redirectUri: string,
  fetch: GuardedFetch,
): Promise<OAuthClient & { expires_at: number | null }> {
  const { registration_endpoint: endpoint = '' } = issuer
  const about = {
    ...{ client_name: 'Toolgate', redirect_uris: [redirectUri], application_type: 'native', response_types: ['code'] },
    ...{ grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: wantedMethod(issuer) },
  }
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(about) })
  const answer: unknown = await response.json().catch(() => null)
  if (response.status !== 201 && response.status !== 200) {
    const { error } = z.object({ error: z.string() }).catch({ error: '' }).parse(answer)
    throw new SignInFailure(
      `the registration was refused (${shortName.test(error) ? error : `HTTP ${response.status}`})`,
    )
  }
  const made = Registered.safeParse(answer)
  if (!made.success) throw new SignInFailure('the registration was answered in a way that is not allowed')
  const { client_id, client_secret = null, client_secret_expires_at: expires, token_endpoint_auth_method } = made.data
  return {
    ...{ client_id, client_secret, auth_method: methodOf(issuer, client_secret, token_endpoint_auth_method) },
    expires_at: client_secret !== null && expires ? expires * 1000 : null,
  }
}

/** How a client with this secret is to say who it is: as it was told, else the best way that the server names (RFC 8414: basic). */
export function methodOf(
  issuer: AuthorizationServer,
  secret: string | null,
  told?: unknown,
): OAuthClient['auth_method'] {
  if (secret === null) return 'none'
  const said = authMethods.find((method) => method === told)
  if (said) return said
  const known = issuer.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  return known.includes('client_secret_basic') || !known.includes('client_secret_post')
    ? 'client_secret_basic'
    : 'client_secret_post'
}

/** A public client, where that is offered: a secret on a person's machine proves nothing. */
function wantedMethod({
  token_endpoint_auth_methods_supported: known,
}: AuthorizationServer): OAuthClient['auth_method'] {
  if (!known || known.includes('none')) return 'none'
  return methodOf({ token_endpoint_auth_methods_supported: known } as AuthorizationServer, 'a secret')
}

function clientOf({ client_id }: OAuthClient): oauth.Client {
  return { client_id }
}

function authOf({ auth_method, client_secret }: OAuthClient): oauth.ClientAuth {
  if (auth_method === 'none' || client_secret === null) return oauth.None()
  return auth_method === 'client_secret_post' ? oauth.ClientSecretPost(client_secret) : basicAuth(client_secret)
}

/**
 * HTTP Basic as RFC 6749 section 2.3.1 has it, with the usual encoding of forms: the library's also encodes what needs none, and
 * servers that do not decode refuse that.
 */
function basicAuth(secret: string): oauth.ClientAuth {
  const encoded = (text: string) => new URLSearchParams({ text }).toString().slice('text='.length)
  return (_issuer, { client_id }, _body, headers) => {
    const both = Buffer.from(`${encoded(client_id)}:${encoded(secret)}`)
    headers.set('authorization', `Basic ${both.toString('base64')}`)
  }
}

function optionsOf({ fetch }: { fetch: GuardedFetch }) {
  return {
    [oauth.customFetch]: (url: string, sent: Sent) => fetch(url, sent),
    // Whether it must be https is decided by the guard, for every request.
    [oauth.allowInsecureRequests]: true,
  }
}

function issuedOf(answer: oauth.TokenEndpointResponse): Issued {
  const { access_token: access, refresh_token: refresh, scope, expires_in, token_type } = answer
  if (token_type !== 'bearer')
    throw new SignInFailure('the authorization server issues tokens of a kind that is not used here')
  const fit = [access, refresh ?? 'none'].every((token) => /^[\x21-\x7e]{1,16384}$/.test(token))
  if (!fit) throw new SignInFailure('the authorization server issues what can be no token')
  return {
    ...{ access, refresh: refresh ?? null, scopes: scope === undefined ? null : scopesIn(scope) },
    lifetimeSec:
      typeof expires_in === 'number' && Number.isFinite(expires_in) ? Math.min(expires_in, longestLifetimeSec) : null,
  }
}

async function asked<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw failureOf(error, what)
  }
}

/** INVARIANT: nothing of an answer but a short error name gets into a message: descriptions may hold anything. */
function failureOf(error: unknown, what: string): SignInFailure {
  if (error instanceof SignInFailure) return error
  const name = errorName(error)
  if (name === 'invalid_grant') return new SignInFailure(`${what} was refused (invalid_grant)`, { lost: 'grant' })
  if (name === 'invalid_client' || name === 'unauthorized_client') {
    return new SignInFailure(`${what} was refused (${name})`, { lost: 'client' })
  }
  if (name === 'access_denied') return new SignInFailure('the sign-in was declined (access_denied)')
  if (name !== null) return new SignInFailure(`${what} was refused (${name})`)
  const { message } = error as Error
  if (/"iss"|issuer/.test(message)) {
    return new SignInFailure('the answer comes from another issuer than the one that was asked, so it is not used')
  }
  return new SignInFailure(`${what} was answered in a way that is not allowed`)
}

function errorName(error: unknown): string | null {
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError) {
    return shortName.test(error.error) ? error.error : 'an error'
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) return error.status === 401 ? 'invalid_client' : 'an error'
  return null
}
