import { z } from 'zod'
import { printable } from '../../../../shared/printable.ts'
import type { Reach } from '../../../../shared/server.ts'
import { type Challenge, fitScopes } from './challenge.ts'
import { SignInFailure } from './failure.ts'
import { checkSignInUrl, type GuardedFetch } from './guarded-fetch.ts'

const text = z.string().max(4096)
const list = z.array(text).max(1000)

/** Metadata of an authorization server (RFC 8414, OpenID Connect Discovery), as much as is used. */
export const AuthorizationServer = z.object({
  issuer: text,
  authorization_endpoint: text,
  token_endpoint: text,
  registration_endpoint: text.exactOptional(),
  revocation_endpoint: text.exactOptional(),
  scopes_supported: list.exactOptional(),
  token_endpoint_auth_methods_supported: list.exactOptional(),
  code_challenge_methods_supported: list.exactOptional(),
  authorization_response_iss_parameter_supported: z.boolean().exactOptional(),
  client_id_metadata_document_supported: z.boolean().exactOptional(),
})
export type AuthorizationServer = z.infer<typeof AuthorizationServer>

/** Metadata of a protected resource (RFC 9728), as much as is used. */
const ResourceMetadata = z.object({
  resource: text,
  authorization_servers: z.array(text).min(1).max(20),
  scopes_supported: list.exactOptional(),
})

/** How a server is signed in to. `scopes`: those it says that it knows, null when it does not say. */
export type Discovered = { resource: string; scopes: string[] | null; issuer: AuthorizationServer }

/** True when a token for `resource` may go to `url`: the same origin, and at or below its path (RFC 8707, RFC 9728 section 3.3). */
export function covers(resource: string, url: URL): boolean {
  if (!URL.canParse(resource)) return false
  const { origin, pathname, search, hash } = new URL(resource)
  if (origin !== url.origin || hash !== '' || (search !== '' && search !== url.search)) return false
  const folder = pathname.endsWith('/') ? pathname : `${pathname}/`
  return url.pathname === pathname || `${url.pathname}/`.startsWith(folder)
}

/**
 * Finds out where a server is signed in to (MCP, authorization, discovery): its own metadata, named by its refusal or at the
 * well-known places, then that of its authorization server; without the former, as protocol 2025-03-26 had it. `prefer` names
 * an issuer that is chosen when the server offers it. Rejects with SignInFailure.
 */
export async function discover(
  server: URL,
  reach: Reach,
  challenge: Challenge | null,
  fetch: GuardedFetch,
  prefer: readonly string[],
): Promise<Discovered> {
  const metadata = await resourceMetadata(server, challenge, fetch)
  if (!metadata) return { resource: server.href, scopes: null, issuer: await older(server, reach, fetch) }
  const { resource, authorization_servers: issuers, scopes_supported } = metadata
  if (!covers(resource, server)) {
    throw new SignInFailure(`the server says that it is another resource, \`${printable(resource).slice(0, 200)}\``)
  }
  const issuer = issuers.find((one) => prefer.includes(one)) ?? issuers[0] ?? ''
  const found = await issuerMetadata(issuer, reach, fetch)
  if (!found)
    throw new SignInFailure(`\`${printable(issuer).slice(0, 200)}\` publishes no metadata of an authorization server`)
  return { resource, scopes: scopes_supported ? fitScopes(scopes_supported) : null, issuer: found }
}

async function resourceMetadata(server: URL, challenge: Challenge | null, fetch: GuardedFetch) {
  const { origin, pathname, search } = server
  const wellKnown = `${origin}/.well-known/oauth-protected-resource`
  const path = pathname === '/' ? '' : pathname
  const places = [challenge?.metadata ?? null, `${wellKnown}${path}${search}`, wellKnown]
  for (const place of new Set(places.filter((one) => one !== null))) {
    const found = await json(place, fetch)
    if (found !== null) return parsed(ResourceMetadata, found, 'metadata of the server')
  }
  return null
}

/** The places of RFC 8414 section 3.1 and of OpenID Connect Discovery, in the order of the MCP specification. */
function placesOf(issuer: URL): string[] {
  const { origin, pathname } = issuer
  const path = pathname.replace(/\/$/, '')
  const [oauth, openid] = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']
  const places = [`${origin}${oauth}${path}`, `${origin}${openid}${path}`]
  return path === '' ? places : [...places, `${origin}${path}${openid}`]
}

async function issuerMetadata(issuer: string, reach: Reach, fetch: GuardedFetch): Promise<AuthorizationServer | null> {
  for (const place of placesOf(checkSignInUrl(issuer, reach))) {
    const found = await json(place, fetch)
    if (found !== null)
      return checked(parsed(AuthorizationServer, found, 'metadata of the authorization server'), issuer, reach)
  }
  return null
}

/** Protocol 2025-03-26: the authorization server lies at the origin of the server, with endpoints of fixed names if it must be. */
async function older({ origin }: URL, reach: Reach, fetch: GuardedFetch): Promise<AuthorizationServer> {
  const found = await issuerMetadata(origin, reach, fetch)
  return (
    found ?? {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
    }
  )
}

/** INVARIANT: nobody speaks for another issuer (RFC 8414 section 3.3), and no code is asked for without PKCE (OAuth 2.1). */
function checked(metadata: AuthorizationServer, issuer: string, reach: Reach): AuthorizationServer {
  if (metadata.issuer !== issuer) {
    const [said, asked] = [metadata.issuer, issuer].map((one) => printable(one).slice(0, 200))
    throw new SignInFailure(`\`${asked}\` publishes metadata of another issuer, \`${said}\``)
  }
  if (!metadata.code_challenge_methods_supported?.includes('S256')) {
    throw new SignInFailure(`\`${printable(issuer).slice(0, 200)}\` does not say that it supports PKCE with S256`)
  }
  const { authorization_endpoint, token_endpoint, registration_endpoint, revocation_endpoint } = metadata
  for (const endpoint of [authorization_endpoint, token_endpoint, registration_endpoint, revocation_endpoint]) {
    if (endpoint !== undefined) checkSignInUrl(endpoint, reach)
  }
  return metadata
}

/** What lies at an address; null when nothing does (4xx). */
async function json(place: string, fetch: GuardedFetch): Promise<unknown> {
  const response = await fetch(place, { headers: { accept: 'application/json' } })
  if (response.status >= 400 && response.status <= 499) return null
  const { origin } = new URL(place)
  if (response.status !== 200) throw new SignInFailure(`\`${origin}\` answers with HTTP ${response.status}`)
  try {
    return await response.json()
  } catch {
    throw new SignInFailure(`what \`${origin}\` publishes is no JSON`)
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const at = result.error.issues[0]?.path.join('.') ?? ''
  throw new SignInFailure(`the ${what} is not as it should be${at ? `, at \`${at}\`` : ''}`)
}
