import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Configuration, default as OidcProvider } from 'oidc-provider'
import type { Log } from '../../ports.ts'
import type { GuardedFetch } from '../client/guarded-fetch.ts'
import type { createAdapters } from './adapter.ts'
import { endpoints } from './metadata.ts'
import { isRegistered } from './registered.ts'
import { acceptedMetadata, checkedRedirect, Unfit } from './registration.ts'
import { baseScope, pathOfResource } from './resources.ts'

/** The authorization server of one issuer. */
export type Provider = OidcProvider
type Library = typeof import('oidc-provider')
type Context = Parameters<NonNullable<NonNullable<Configuration['interactions']>['url']>>[0]

/** How long what it issues is good (s): tokens of an app that comes again are short, since it gets new ones. */
const lifetimes = {
  once: 60 * 60,
  access: 15 * 60,
  refresh: 30 * 24 * 60 * 60,
  grant: 365 * 24 * 60 * 60,
  code: 60,
  wait: 10 * 60,
}

/** What the authorization server asks of this gateway. */
export type ProviderDeps = {
  /** Origins that mean the same as the issuer, for which it issues tokens. */
  origins: readonly string[]
  adapter: ReturnType<typeof createAdapters>
  log: Log
  newClientId: () => string
  /** Rights that an app may ask for. */
  scopes: () => readonly string[]
  /** Whether a person let this grant go on for more than one token. */
  isLasting: (grantId: string) => boolean
  /** For whom its client works by this grant; null for nobody in particular. */
  tenantOf: (grantId: string) => string | null
  /** Whether anybody here goes by this name: servers that handle their data, or access policies that are bound for them. */
  knowsTenant: (tenant: string) => boolean
  /** An app asked to work for somebody whom nobody here knows, and is refused. */
  onUnknownTenant: (client: NonNullable<Context['oidc']['client']>, tenant: string) => void
  /** Whether a published document may be fetched from a host and name a client. */
  trustsHost: (host: string) => boolean
  fetchDocument: GuardedFetch
  /** An app asks to be let in by a browser's request `uid`; false when too many do. */
  onAuthorize: (uid: string, client: NonNullable<Context['oidc']['client']>, params: Record<string, unknown>) => boolean
  onRegistered: (clientId: string, name: string) => void
  /** It changed its own registration (RFC 7592). */
  onRegisteredAnew: (clientId: string) => void
  renderProblem: (context: Context, error: { error_description?: string | undefined; error: string }) => void
}

/**
 * Loads the library, which takes a third of a second and memory, and makes the authorization server of an issuer: OAuth 2.1 with PKCE S256
 * only, public clients only, opaque tokens bound to one resource, and refresh tokens that are good once.
 */
export async function openProvider(issuer: string, deps: ProviderDeps): Promise<Provider> {
  const library = await import('oidc-provider')
  const provider = new library.default(issuer, configuration(issuer, library, deps))
  // Behind a proxy that ends TLS the addresses that it gives are those of its issuer, and cookies are secure; `overTls` says so to it, and nobody else.
  provider.proxy = issuer.startsWith('https:')
  // Errors that are nobody's input are ours to know; the library would print them.
  const failed = (error: Error) => deps.log.error('the authorization server failed', { error: error.name })
  ;(provider as unknown as NodeJS.EventEmitter).on('error', failed)
  provider.on('server_error', (_, error) => failed(error))
  provider.on('registration_create.success', (_, client) => deps.onRegistered(client.clientId, client.clientName ?? ''))
  provider.on('registration_update.success', (_, client) => deps.onRegisteredAnew(client.clientId))
  return provider
}

function configuration(issuer: string, library: Library, deps: ProviderDeps): Configuration {
  return {
    adapter: deps.adapter,
    scopes: [],
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    // Nothing is signed with it: tokens are opaque, and there are no ID tokens.
    jwks: { keys: [signingKey()] },
    pkce: { required: () => true },
    clientDefaults: {
      ...{ application_type: 'native', token_endpoint_auth_method: 'none', id_token_signed_response_alg: 'ES256' },
      ...{ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
    },
    extraParams: ['purpose', 'tenant'],
    extraClientMetadata: {
      properties: ['purpose'],
      // Runs for every client, however it came to be known: registered, changed, or named by its document.
      validator(_context, _key, _value, metadata) {
        try {
          Object.assign(metadata, acceptedMetadata(metadata))
        } catch (error) {
          if (error instanceof Unfit) throw new library.errors.InvalidClientMetadata(error.message)
          throw error
        }
      },
    },
    clientBasedCORS: () => false,
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      long: { signed: true, httpOnly: true, sameSite: 'strict', path: '/oauth' },
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    features: features(issuer, library, deps),
    findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    expiresWithSession: async () => false,
    issueRefreshToken: async (_context, _client, code) => deps.isLasting(code.grantId ?? ''),
    rotateRefreshToken: true,
    // So that introspection tells an app for whom it works; what decides is the person's yes itself.
    extraTokenClaims: async (_context, token) => {
      const tenant = deps.tenantOf((token as { grantId?: string }).grantId ?? '')
      return tenant === null ? undefined : { tenant }
    },
    // A yes counts for the request that it was given to, and for no later one.
    loadExistingGrant: async (context) => {
      const id = context.oidc.result?.consent?.grantId
      // It goes on after a person's answer, and they may have taken its address away meanwhile.
      const { client, params } = context.oidc
      if (!isRegistered(String(params?.redirect_uri), client?.redirectUris ?? []))
        throw new library.errors.InvalidRequest('the redirect address is not registered any more')
      return id ? context.oidc.provider.Grant.find(id) : undefined
    },
    interactions: { url: (context, interaction) => beginWaiting(context, interaction, library, deps) },
    renderError: (context, out) => deps.renderProblem(context, out),
    routes: { ...endpoints, jwks: '/oauth/jwks', end_session: '/oauth/end' },
    ttl: {
      AccessToken: (_context, token) =>
        deps.isLasting((token as { grantId?: string }).grantId ?? '') ? lifetimes.access : lifetimes.once,
      AuthorizationCode: lifetimes.code,
      RefreshToken: lifetimes.refresh,
      Grant: lifetimes.grant,
      Interaction: lifetimes.wait,
      Session: lifetimes.wait,
    },
    // The library's own guard stands on what Node hides in its `fetch`; ours looks at the address that the socket connects to.
    fetch: async (url, options) =>
      deps.fetchDocument(String(url), {
        headers: Object.fromEntries(new Headers(options?.headers as Record<string, string> | undefined)),
        redirect: 'manual',
      }),
  }
}

function features(issuer: string, library: Library, deps: ProviderDeps): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    dPoP: { enabled: false },
    claimsParameter: { enabled: false },
    registration: {
      enabled: true,
      idFactory(context) {
        // What the client is told was taken is what is kept: fields that mean nothing here are gone before it is made.
        const { body } = context.oidc as unknown as { body: Record<string, unknown> }
        const kept = accepted(body, library)
        for (const name of Object.keys(body)) delete body[name]
        Object.assign(body, kept)
        return deps.newClientId()
      },
    },
    registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
    revocation: { enabled: true, allowedPolicy: async (_context, client, token) => client.clientId === token.clientId },
    introspection: {
      enabled: true,
      allowedPolicy: async (_context, client, token) => client.clientId === token.clientId,
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: async () => `${issuer}/mcp`,
      useGrantedResource: async () => true,
      async getResourceServerInfo(_context, resource) {
        if (pathOfResource(resource, deps.origins) === null) {
          throw new library.errors.InvalidTarget('this gateway issues tokens for itself only')
        }
        return { scope: deps.scopes().join(' '), audience: resource, accessTokenFormat: 'opaque' }
      },
    },
    clientIdMetadataDocument: {
      enabled: true,
      ack: 'draft-02',
      allowFetch: async (_context, id) => deps.trustsHost(new URL(id).host),
      allowClient: async (_context, client) => deps.trustsHost(new URL(client.clientId).host),
    },
  }
}

function accepted(body: Record<string, unknown>, library: Library) {
  try {
    return acceptedMetadata(body)
  } catch (error) {
    if (!(error instanceof Unfit)) throw error
    throw new library.errors.InvalidClientMetadata(error.message)
  }
}

/** Where a browser goes while a person decides in the approval window. */
function beginWaiting(
  context: Context,
  { uid, params }: { uid: string; params: Record<string, unknown> },
  { errors }: Library,
  deps: ProviderDeps,
): string {
  const { client } = context.oidc
  if (!client) throw new errors.InvalidRequest('there is no client')
  checkedRedirect(params.redirect_uri)
  if ([params.resource].flat().length !== 1) throw new errors.InvalidTarget('ask for one resource at a time')
  if (
    !String(params.scope ?? '')
      .split(' ')
      .includes(baseScope)
  ) {
    throw new errors.InvalidScope(`the scope \`${baseScope}\` is needed`, String(params.scope ?? ''))
  }
  const { tenant } = params
  if (tenant !== undefined && !(typeof tenant === 'string' && deps.knowsTenant(tenant))) {
    // The answer says which tenants there are not, and so there is a trace of who tries them.
    deps.onUnknownTenant(client, String(tenant))
    throw new errors.InvalidRequest(
      'no `tenant` of this name is known here; leave it out to work for nobody in particular',
    )
  }
  if (!deps.onAuthorize(uid, client, params)) {
    throw new errors.TemporarilyUnavailable('too many apps wait for an answer already')
  }
  return `/oauth/consent/${uid}`
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }
}
