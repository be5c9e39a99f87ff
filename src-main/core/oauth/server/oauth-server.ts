import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AppRegistration } from '../../../../shared/consents.ts'
import { Scope } from '../../../../shared/credential.ts'
import { printable } from '../../../../shared/printable.ts'
import { isOfOtherPage, type Way } from '../../origins.ts'
import type { Clock, Log } from '../../ports.ts'
import type { OAuthTable } from '../../store/oauth-tables.ts'
import type { ClientsTable } from '../../store/registry-tables.ts'
import type { GuardedFetch } from '../client/guarded-fetch.ts'
import { createAccessTokens } from './access-tokens.ts'
import { type Consent, createConsents } from './consents.ts'
import { consentOf, endTenant, finish, givenTo } from './granting.ts'
import { hashId } from './hash-id.ts'
import { endpoints, resourceMetadata, serverMetadata } from './metadata.ts'
import { openProvider, type Provider } from './provider.ts'
import { createRealms, type Realm } from './realms.ts'
import { changedRegistration, registrationOf } from './registered.ts'
import { baseScope, pathOfResource, serverOfPath } from './resources.ts'
import { sendError, sendJson } from './send.ts'
import { bodyOf, clientIn, unread } from './token-request.ts'
import { oauthHeaders, sendProblemPage, sendWaitPage } from './wait-page.ts'

type Request = { req: IncomingMessage; res: ServerResponse; way: Way; realm: Realm; url: URL }

type OAuthDeps = {
  table: OAuthTable
  clients: ClientsTable
  clock: Clock
  log: Log
  newClientId: () => string
  /** The origin under which a proxy makes this gateway reachable; null: none does. */
  publicOrigin: () => string | null
  /** Rights that tools of this gateway need. */
  toolScopes: () => readonly string[]
  trustsHost: (host: string) => boolean
  /** Fetches such a document, only from the internet. */
  fetchDocument: GuardedFetch
  /** Whether documents of any host are trusted, so that it is said that they are read. */
  readsDocuments: () => boolean
  record: (event: string, detail: Record<string, unknown>) => void
  onChange: () => void
  onAsked: (consent: Consent) => void
  /** A request to be let in was refused before a person saw it. */
  onRefused: (detail: { public_origin: string | null } & Record<string, unknown>) => void
  /** Tenants that are known here. */
  tenants: () => readonly string[]
  /** A token of this client for a tenant was ended; what it has open with such must end with it. */
  onEnded: (clientId: string, tenant: string) => void
}

const mostUnconfirmed = 200
const longestUrl = 8_192
/** Of a name that nobody here has, so much is recorded. */
const longestTenant = 80
/** A browser's question whether there is an answer is itself answered after so long (ms). */
const longestPoll = 25_000

export type OAuthServer = ReturnType<typeof createOAuthServer>

/**
 * The authorization server of this gateway: what it answers at its own addresses, and who an access token belongs to. The library behind it
 * is loaded with the first request that needs it.
 */
export function createOAuthServer(deps: OAuthDeps) {
  const { table, clients, clock, log } = deps
  const consents = createConsents({ clock, onChange: deps.onChange, onAsked: deps.onAsked })
  const realms = createRealms({ table, clock, onEnded: deps.onEnded })
  const scopes = () => [...new Set([baseScope, ...deps.toolScopes()])]

  function providerOf({ way, realm: { providers, adapter } }: Request): Promise<Provider> {
    const { origin: issuer, alike, publicOrigin } = way
    const known = providers.get(issuer)
    if (known) return known
    const made = openProvider(issuer, {
      ...{ origins: alike, adapter, log, scopes, newClientId: deps.newClientId },
      // Everybody's copy of an app would be one client, and strangers would share what a person allowed to one of them.
      trustsHost: (host) => publicOrigin === null && deps.trustsHost(host),
      fetchDocument: deps.fetchDocument,
      isLasting: (grantId) => consentOf(table, hashId(grantId))?.lasting === true,
      tenantOf: (grantId) => consentOf(table, hashId(grantId))?.tenant ?? null,
      knowsTenant: (tenant) => deps.tenants().includes(tenant),
      onUnknownTenant({ clientId: client, clientName }, tenant) {
        const asked = { client, app: clientName ?? 'unnamed app', tenant: printable(tenant).slice(0, longestTenant) }
        deps.onRefused({ ...asked, public_origin: publicOrigin, why: 'no such tenant' })
      },
      onRegistered(client, app) {
        if (publicOrigin === null) deps.record('oauth.registered', { client, app })
      },
      onRegisteredAnew(client) {
        // Strangers must not fill the record: of the network one is on record from when it asks a person.
        if (publicOrigin !== null && !clients.get(client)) return
        deps.record('oauth.registered_anew', { client, ...registrationOf(client, table) })
      },
      renderProblem: (context, { error, error_description }) => {
        context.respond = false
        sendProblemPage(context.res, context.status, error_description ?? error, way)
      },
      onAuthorize: (uid, client, params) => {
        const resource = String([params.resource].flat()[0])
        const documentHost = client.clientIdMetadataDocument ? new URL(client.clientId).host : null
        const asked = consents.ask(uid, {
          ...{ client: client.clientId, app: client.clientName ?? 'unnamed app', documentHost, resource },
          website: client.clientUri ?? null,
          purpose: purposeOf(params.purpose) ?? purposeOf(client.purpose),
          tenant: typeof params.tenant === 'string' ? params.tenant : null,
          redirect: String(params.redirect_uri),
          publicOrigin,
          path: pathOfResource(resource, alike) ?? '/mcp',
          scopes: String(params.scope)
            .split(' ')
            .filter((scope) => scope !== baseScope && scope !== ''),
        })
        return asked !== null
      },
    })
    // A load that failed is tried again with the next request.
    made.catch(() => providers.delete(issuer))
    providers.set(issuer, made)
    return made
  }

  /** The authorization request as it is taken: always with the right to come in, and with no right that is none here. */
  function withScopes(url: URL): string {
    const asked = url.searchParams.getAll('scope')
    if (asked.length > 1) return url.pathname + url.search
    const known = new Set(scopes())
    const kept = (asked[0] ?? '').split(' ').filter((scope) => Scope.safeParse(scope).success && known.has(scope))
    url.searchParams.set('scope', [...new Set([baseScope, ...kept])].join(' '))
    return url.pathname + url.search
  }

  async function toLibrary(request: Request): Promise<void> {
    const { req, res, url } = request
    if (url.pathname === endpoints.authorization && req.method === 'GET') req.url = withScopes(url)
    for (const [name, value] of Object.entries(oauthHeaders)) res.setHeader(name, value)
    await (await providerOf(request)).callback()(req, res)
  }

  async function register(request: Request): Promise<void> {
    const { req, res, realm } = request
    table.sweep(Math.floor(clock.now() / 1000))
    const full = () => table.unconfirmed(realm.publicOrigin) >= mostUnconfirmed
    if (req.method === 'POST' && (!realm.bounds.mayRegister() || full())) {
      return sendError(res, 429, 'temporarily_unavailable', 'too many apps register; try again in a minute')
    }
    askForBody(req, res)
    await toLibrary(request)
  }

  /** What brings a token or code that is known here counts by its client, and so gets through however many others ask. */
  async function token(request: Request): Promise<void> {
    const { req, res, realm } = request
    askForBody(req, res)
    const body = await bodyOf(req)
    if (!body) return sendError(res, 413, 'invalid_request', 'the body is too long')
    if (!realm.bounds.mayUseToken(clientIn(body, table, realm.publicOrigin))) return sendTooMany(res)
    await toLibrary({ ...request, req: unread(req, body) })
  }

  /** The browser of an app that waits: shows that it does, and goes on once a person has answered in the approval window. */
  async function waiting(request: Request, uid: string, polls: boolean): Promise<void> {
    const { req, res } = request
    if (req.method !== 'GET') return sendError(res, 405, 'invalid_request', 'use GET')
    const provider = await providerOf(request)
    const found = await provider.interactionDetails(req, res).catch(() => null)
    // The cookie says which request this browser began; the address alone opens nothing.
    if (found?.uid !== uid) {
      return sendProblemPage(res, 400, 'This request is over, or another browser began it.', request.way)
    }
    if (polls) {
      const wait = consents.wait(uid, longestPoll)
      if (!wait) return sendTooMany(res)
      res.once('close', wait.end)
      if (res.destroyed) wait.end()
      await wait.over
      return sendJson(res, 200, { answered: consents.outcome(uid) !== null })
    }
    const [outcome, consent] = [consents.outcome(uid), consents.of(uid)]
    if (outcome === null && consent) return sendWaitPage(res, consent)
    consents.close(uid)
    await finish(provider, { consent, outcome }, { req, res }, { table, clients, now: clock.now })
  }

  function metadata({ req, res, url, way: { origin: issuer, publicOrigin } }: Request) {
    if (req.method !== 'GET') return sendError(res, 405, 'invalid_request', 'use GET')
    const kind = /^\/\.well-known\/(oauth-protected-resource|oauth-authorization-server|openid-configuration)(\/.*)?$/
    const [, what, rest = ''] = kind.exec(url.pathname) ?? []
    const isResource = what === 'oauth-protected-resource'
    if (isResource && (rest === '' || serverOfPath(rest) !== undefined)) {
      return sendJson(res, 200, resourceMetadata(issuer + (rest || '/mcp'), issuer))
    }
    if (what !== undefined && !isResource && rest === '') {
      // Which rights tools need, and by that which tools there are, is for programs of this machine; who knows of one may ask for it.
      const [told, documents] = publicOrigin === null ? [scopes(), deps.readsDocuments()] : [[baseScope], false]
      return sendJson(res, 200, serverMetadata(issuer, told, documents))
    }
    sendError(res, 404, 'invalid_request', 'there is nothing at this address')
  }

  async function answer(request: Request): Promise<void> {
    const { req, res, url } = request
    if ((req.url?.length ?? 0) > longestUrl) return sendError(res, 414, 'invalid_request', 'this address is too long')
    if (url.pathname.startsWith('/.well-known/')) return metadata(request)
    if (/^\/oauth\/(token|revoke|introspect)$/.test(url.pathname)) return token(request)
    const [, uid, polls] = /^\/oauth\/consent\/([\w-]{1,64})(\/wait)?$/.exec(url.pathname) ?? []
    const registers = /^\/oauth\/register(\/[^/]{1,200})?$/.test(url.pathname)
    const isOfLibrary = /^\/oauth\/(authorize(\/[\w-]{1,64})?|jwks)$/.test(url.pathname)
    if (uid === undefined && !registers && !isOfLibrary) {
      return sendError(res, 404, 'invalid_request', 'there is nothing at this address')
    }
    const { mayAsk, mayBeLed } = request.realm.bounds
    if (!(isOfOtherPage(req.headers) ? mayBeLed() : mayAsk())) return sendTooMany(res)
    if (uid !== undefined) return waiting(request, uid, polls !== undefined)
    if (registers) return register(request)
    askForBody(req, res)
    return toLibrary(request)
  }

  return {
    consents,
    check: createAccessTokens({ table, clients, now: clock.now }),

    /** What a client was given. */
    given: (clientId: string) => givenTo(clientId, { table, clients, now: clock.now }),

    /** What an app is registered with. */
    registration: (clientId: string) => registrationOf(clientId, table),

    /** Checks another registration of an app, and gives what writes it. Throws `CallError`. */
    register: (clientId: string, change: AppRegistration) => changedRegistration(clientId, change, table),

    /** Ends everything that a client was given; with a tenant, empty for nobody in particular, what it was given for that. */
    forget(clientId: string, tenant?: string): void {
      consents.drop((it) => it.client === clientId && (tenant === undefined || (it.tenant ?? '') === tenant))
      if (tenant === undefined) table.removeClient(clientId)
      else endTenant(clientId, tenant, table)
      clients.accesses.remove(clientId, tenant)
    },

    /** Ends all that came by another public origin than the one of now: what waits, registrations, tokens. */
    endOthers(): void {
      const now = deps.publicOrigin()
      realms.endPublic()
      table.removeOthers(now)
      consents.drop(({ publicOrigin }) => publicOrigin !== null && publicOrigin !== now)
    },

    /** Whether an app leads its browser to an address, there to wait for a person's yes. */
    isForBrowsers: (url: string) => /^\/oauth\/(authorize|consent)(\/[\w-]{1,64})?(\?|$)/.test(url),

    /** Takes a request at an address of the authorization server, whose Host and Origin were looked at; false for any other address. */
    serve(req: IncomingMessage, res: ServerResponse, way: Way): boolean {
      if (!/^\/(oauth\/|\.well-known\/)/.test(req.url ?? '')) return false
      if (!URL.canParse(req.url ?? '', way.origin)) {
        sendError(res, 400, 'invalid_request', 'this address cannot be read')
        return true
      }
      if (way.publicOrigin !== null) overTls(req)
      const url = new URL(req.url ?? '', way.origin)
      answer({ req, res, way, realm: realms.of(way.publicOrigin), url }).catch((error: unknown) => {
        log.error('an authorization request failed', { error: error instanceof Error ? error.name : 'unknown' })
        sendError(res, 500, 'server_error', 'the authorization server failed; see the log of Toolgate')
      })
      return true
    },

    close(): void {
      consents.end()
    },
  }
}

function purposeOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.trim() === '') return null
  return printable(value.trim()).slice(0, 300)
}

function sendTooMany(res: ServerResponse): void {
  sendError(res, 429, 'temporarily_unavailable', 'too many requests; try again in a moment')
}

/** A client that sends no body before it is told to is told so. */
function askForBody({ headers }: IncomingMessage, res: ServerResponse): void {
  if (headers.expect?.toLowerCase() === '100-continue') res.writeContinue()
}

/** What the library goes by to know that TLS ended at the proxy is said here, and nothing of what a proxy or its caller may have written is left. */
function overTls({ headers }: IncomingMessage): void {
  for (const name of Object.keys(headers)) if (/^(x-forwarded-.*|forwarded|x-real-ip)$/.test(name)) delete headers[name]
  headers['x-forwarded-proto'] = 'https'
}
