import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type Script, scriptedServer, sendText } from './remote-server.ts'

type Client = { secret: string | null; method: string; redirects: string[] }
type Code = { client: string; redirect: string; challenge: string; resource: string; scopes: string[] }
type Family = { client: string; resource: string; scopes: string[]; alive: boolean }

/** One request that the server got, with its parameters from query or body. */
export type Asked = { path: string; method: string; parameters: URLSearchParams; authorization: string | undefined }

/** What it does otherwise than a good authorization server does. */
export type Oddities = {
  /** Where its metadata lies; `openid-path` is what OpenID Connect had first. */
  at?: 'oauth' | 'openid' | 'openid-path'
  /** Part of its issuer after the origin. */
  path?: string
  methods?: string[]
  metadata?: (usual: Record<string, unknown>) => unknown
  /** What a browser is sent back with; null keeps it. */
  back?: (usual: URLSearchParams) => URLSearchParams
  lifetimeSec?: number
  scopes?: string[]
  /** What its token endpoint says beside the usual. */
  token?: (usual: Record<string, unknown>) => Record<string, unknown>
}

export type AuthorizationServer = Awaited<ReturnType<typeof authorizationServer>>

const random = () => randomBytes(12).toString('base64url')

/**
 * An authorization server on a real port, as strict as OAuth 2.1 and the MCP specification ask: PKCE with S256, exact redirect,
 * resource on both requests, codes once, refresh tokens that rotate, and a family that dies when an old one comes back. It
 * agrees to whatever a person is asked. Ended with the test.
 */
export async function authorizationServer(odd: Oddities = {}) {
  const clients = new Map<string, Client>()
  const codes = new Map<string, Code>()
  const access = new Map<string, Family>()
  const refresh = new Map<string, { family: Family; used: boolean }>()
  const asked: Asked[] = []
  const state = { odd, refuse: null as string | null }

  const server = createServer(async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req as AsyncIterable<Buffer>) parts.push(part)
    answer(req, Buffer.concat(parts).toString('utf8'), res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = `${origin}${odd.path ?? ''}`
  const places = {
    oauth: `/.well-known/oauth-authorization-server${odd.path ?? ''}`,
    openid: `/.well-known/openid-configuration${odd.path ?? ''}`,
    'openid-path': `${odd.path ?? ''}/.well-known/openid-configuration`,
  }

  function metadata(): unknown {
    const usual = {
      ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
      ...{ registration_endpoint: `${issuer}/register`, revocation_endpoint: `${issuer}/revoke` },
      ...{ response_types_supported: ['code'], grant_types_supported: ['authorization_code', 'refresh_token'] },
      ...{ code_challenge_methods_supported: ['S256'], authorization_response_iss_parameter_supported: true },
      token_endpoint_auth_methods_supported: state.odd.methods ?? ['none', 'client_secret_basic', 'client_secret_post'],
      ...(state.odd.scopes ? { scopes_supported: state.odd.scopes } : {}),
    }
    return state.odd.metadata ? state.odd.metadata(usual) : usual
  }

  function answer(req: IncomingMessage, body: string, res: ServerResponse): unknown {
    const url = new URL(req.url ?? '/', origin)
    const { authorization } = req.headers
    const path = url.pathname
    const json = req.headers['content-type']?.startsWith('application/json') ?? false
    const parameters = req.method === 'GET' || json ? url.searchParams : new URLSearchParams(body)
    asked.push({ path, method: req.method ?? '', parameters, authorization })
    const fail = (error: string, status = 400) => sendText(res, JSON.stringify({ error }), status)
    if (path === places[state.odd.at ?? 'oauth']) return sendText(res, JSON.stringify(metadata()))
    const own = path.slice((odd.path ?? '').length)
    if (state.refuse !== null && own === '/token') return fail(state.refuse)
    if (own === '/register') return register(JSON.parse(body), res, fail)
    if (own === '/authorize') return authorize(url.searchParams, res, fail)
    if (own === '/token') return token(parameters, authorization, res, fail)
    if (own === '/revoke') return revoke(parameters, res)
    return fail('not_found', 404)
  }

  type Fail = (error: string, status?: number) => void

  function register(body: Record<string, unknown>, res: ServerResponse, fail: Fail): unknown {
    const redirects = (body.redirect_uris ?? []) as string[]
    const fit =
      redirects.length > 0 && redirects.every((one) => /^http:\/\/127\.0\.0\.1:\d+\/callback(\/[\w-]{16,})?$/.test(one))
    if (!fit || body.application_type !== 'native') return fail('invalid_redirect_uri')
    const method = String(body.token_endpoint_auth_method)
    const secret = method === 'none' ? null : `secret-${random()}`
    const id = `client-${random()}`
    clients.set(id, { secret, method, redirects })
    const made = { client_id: id, ...(secret ? { client_secret: secret, client_secret_expires_at: 0 } : {}), ...body }
    return sendText(res, JSON.stringify(made), 201)
  }

  function authorize(query: URLSearchParams, res: ServerResponse, fail: Fail): unknown {
    const get = (name: string) => query.get(name) ?? ''
    const client = clients.get(get('client_id'))
    if (!client?.redirects.includes(get('redirect_uri'))) return fail('invalid_client')
    const sound = get('response_type') === 'code' && get('state').length >= 20 && get('resource') !== ''
    const pkce = get('code_challenge_method') === 'S256' && /^[\w-]{43}$/.test(get('code_challenge'))
    if (!sound || !pkce) return fail('invalid_request')
    const code = `code-${random()}`
    codes.set(code, {
      ...{ client: get('client_id'), redirect: get('redirect_uri'), challenge: get('code_challenge') },
      ...{ resource: get('resource'), scopes: get('scope').split(' ').filter(Boolean) },
    })
    const usual = new URLSearchParams({ code, state: get('state'), iss: issuer })
    const back = state.odd.back ? state.odd.back(usual) : usual
    return res.writeHead(302, { location: `${get('redirect_uri')}?${back}` }).end()
  }

  function known(parameters: URLSearchParams, authorization: string | undefined): string | null {
    const basic = /^Basic (.+)$/.exec(authorization ?? '')?.[1]
    const [id = '', secret = null] = basic
      ? Buffer.from(basic, 'base64')
          .toString()
          .split(':')
          .map((part) => decodeURIComponent(part.replaceAll('+', ' ')))
      : [parameters.get('client_id') ?? '', parameters.get('client_secret')]
    const client = clients.get(id)
    const method = basic ? 'client_secret_basic' : secret === null ? 'none' : 'client_secret_post'
    return client && client.secret === secret && client.method === method ? id : null
  }

  function issue(family: Family, res: ServerResponse): void {
    const [one, two] = [`access-${random()}`, `refresh-${random()}`]
    access.set(one, family)
    refresh.set(two, { family, used: false })
    const usual = { access_token: one, refresh_token: two, token_type: 'Bearer', scope: family.scopes.join(' ') }
    const all = { ...usual, expires_in: state.odd.lifetimeSec ?? 3600 }
    sendText(res, JSON.stringify(state.odd.token ? state.odd.token(all) : all))
  }

  function token(given: URLSearchParams, authorization: string | undefined, res: ServerResponse, fail: Fail): unknown {
    const client = known(given, authorization)
    if (client === null) return fail('invalid_client', 401)
    if (given.get('grant_type') === 'refresh_token') return renew(given, client, res, fail)
    const code = codes.get(given.get('code') ?? '')
    codes.delete(given.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url')
    if (!code || code.client !== client || code.challenge !== challenge) return fail('invalid_grant')
    if (code.redirect !== given.get('redirect_uri') || code.resource !== given.get('resource'))
      return fail('invalid_grant')
    return issue({ client, resource: code.resource, scopes: code.scopes, alive: true }, res)
  }

  function renew(given: URLSearchParams, client: string, res: ServerResponse, fail: Fail): unknown {
    const one = refresh.get(given.get('refresh_token') ?? '')
    if (!one?.family.alive || one.family.client !== client || given.get('resource') !== one.family.resource) {
      return fail('invalid_grant')
    }
    if (one.used) {
      one.family.alive = false
      return fail('invalid_grant')
    }
    one.used = true
    return issue(one.family, res)
  }

  function revoke(given: URLSearchParams, res: ServerResponse): void {
    const one = given.get('token') ?? ''
    const family = refresh.get(one)?.family ?? access.get(one)
    if (family) family.alive = false
    res.writeHead(200).end()
  }

  return {
    ...{ issuer, origin, asked, clients },
    /** The requests to one of its endpoints. */
    of: (endpoint: string) => asked.filter(({ path }) => path === `${odd.path ?? ''}/${endpoint}`),
    /** Scopes of an access token that is good for a resource; null when it is not. */
    scopesOf: (token: string, resource: string): string[] | null => {
      const family = access.get(token)
      return family?.alive && family.resource === resource ? family.scopes : null
    },
    /** Every access token so far, or refresh token, newest last. */
    tokens: () => [...access.keys()],
    refreshTokens: () => [...refresh.keys()],
    /** Ends an access token before its time. */
    expire: (token: string) => access.delete(token),
    /** From now on its token endpoint refuses everything with this error; null ends that. */
    refuse: (error: string | null) => {
      state.refuse = error
    },
    behave: (next: Oddities) => {
      state.odd = { ...odd, ...next }
    },
  }
}

/** What a protected server does otherwise than most. */
export type Protection = {
  /** What its own metadata says. */
  metadata?: (usual: Record<string, unknown>) => unknown
  /** The challenge of a 401, and of a 403. */
  challenge?: (metadata: string) => string
  scopes?: string[]
  /** Scopes that one tool needs. */
  needs?: Record<string, string>
  script?: Script
}

/** A server over HTTP that wants tokens of an authorization server, issued for itself; speaks the older generation. */
export async function protectedServer(issuer: () => AuthorizationServer, odd: Protection = {}) {
  const place = '/.well-known/oauth-protected-resource/mcp'
  const server = await scriptedServer((got, res, req) => {
    const own = new URL(server.url).origin
    if (odd.script && odd.script(got, res, req) !== false) return true
    if (got.path === place) {
      const usual = { resource: server.url, authorization_servers: [issuer().issuer], scopes_supported: odd.scopes }
      return sendText(res, JSON.stringify(odd.metadata ? odd.metadata(usual) : usual))
    }
    if (got.path !== '/mcp') return sendText(res, '{}', 404)
    const token = /^Bearer (.+)$/.exec(got.headers.authorization ?? '')?.[1]
    const scopes = token === undefined ? null : issuer().scopesOf(token, server.url)
    if (!scopes) {
      const challenge = odd.challenge?.(own + place) ?? `Bearer resource_metadata="${own}${place}"`
      return sendText(res, '{"error":"invalid_token"}', 401, { 'www-authenticate': challenge })
    }
    const needed = got.json?.method === 'tools/call' ? odd.needs?.[got.json.params.name] : undefined
    if (needed !== undefined && !scopes.includes(needed)) {
      const challenge = `Bearer error="insufficient_scope", scope="${needed}", resource_metadata="${own}${place}"`
      return sendText(res, '{"error":"insufficient_scope"}', 403, { 'www-authenticate': challenge })
    }
    return false
  })
  return server
}

/** A browser without a person: follows where a sign-in leads, and gives what the last page says. */
export async function browse(url: string): Promise<{ status: number; text: string; last: string }> {
  for (let at = url; ; ) {
    const res = await fetch(at, { redirect: 'manual' })
    const next = res.headers.get('location')
    if (next === null) return { status: res.status, text: await res.text(), last: at }
    at = new URL(next, at).href
  }
}
