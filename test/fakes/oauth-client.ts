import { createHash, randomBytes } from 'node:crypto'
import type { Core } from '../../src-main/core/core.ts'
import { approver } from './gateway.ts'
import { type HttpAnswer, send } from './http-client.ts'

/** Where apps of tests are called back; nobody listens there. */
export const callback = 'http://127.0.0.1:7777/callback'

/** An app as tests play it: what it registered as, and all requests that it makes. */
export type OAuthClient = Awaited<ReturnType<typeof registerClient>>

/** Tokens as the token endpoint gives them. */
export type Tokens = { access_token: string; refresh_token?: string; expires_in: number; scope: string }

const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** The name by which apps of this machine ask for the gateway. */
const here = (port: number) => `127.0.0.1:${port}`

/** The origin of a gateway that is asked for by a name: that of this machine, or the public one. */
const originOf = (host: string) => `${/^(127\.0\.0\.1|localhost):/.test(host) ? 'http' : 'https'}://${host}`

/** Registers an app, as an MCP client does that finds the gateway for the first time. `host`: by which name it asks for it. */
export async function registerClient(port: number, metadata: Record<string, unknown> = {}, host = here(port)) {
  const asked = { client_name: 'Test app', redirect_uris: [callback], ...metadata }
  const registered = await postJson(port, '/oauth/register', asked, host)
  if (registered.status !== 201) throw new Error(`not registered: ${registered.body}`)
  const answer = JSON.parse(registered.body)
  const id = String(answer.client_id)
  const post = (path: string, fields: Record<string, string>) =>
    send(port, 'POST', path, { ...form, host }, new URLSearchParams({ client_id: id, ...fields }).toString())
  return {
    ...{ id, registered, metadata: answer, post },
    /** The first request of a browser that the app opens, and all that comes with it. */
    authorize: (change: Record<string, string | undefined> = {}) => authorizeAs(port, id, change, host),
    token: (fields: Record<string, string>) => post('/oauth/token', fields),
    refresh: (refresh_token: string) => post('/oauth/token', { grant_type: 'refresh_token', refresh_token }),
    revoke: (token: string) => post('/oauth/revoke', { token }),
    async introspect(token: string): Promise<{ active: boolean; aud?: string; sub?: string; tenant?: string }> {
      return JSON.parse((await post('/oauth/introspect', { token })).body)
    },
    /** A code for a verifier, from the answer to the browser. */
    exchange: (code: string, code_verifier: string, more: Record<string, string> = {}) =>
      post('/oauth/token', {
        ...{ grant_type: 'authorization_code', code, code_verifier, redirect_uri: callback },
        ...more,
      }),
  }
}

/** A request with a body of JSON. */
export function postJson(port: number, path: string, body: unknown, host = here(port)): Promise<HttpAnswer> {
  return send(port, 'POST', path, { host, 'content-type': 'application/json' }, JSON.stringify(body))
}

/** A browser that only keeps cookies, and goes where it is told as long as that is this gateway. */
export function browserOf(port: number, host = here(port)) {
  const jar: { name: string; value: string; path: string }[] = []
  async function get(path: string): Promise<HttpAnswer> {
    const cookies = jar.filter((cookie) => path.startsWith(cookie.path)).map(({ name, value }) => `${name}=${value}`)
    const headers = {
      host,
      accept: 'text/html',
      cookie: cookies.length > 0 ? cookies.join('; ') : undefined,
    }
    const answer = await send(port, 'GET', path, headers)
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [pair = '', ...rest] = line.split('; ')
      const name = pair.slice(0, pair.indexOf('='))
      const where = rest.find((part) => part.startsWith('path='))?.slice('path='.length) ?? '/'
      const before = jar.findIndex((cookie) => cookie.name === name && cookie.path === where)
      if (before >= 0) jar.splice(before, 1)
      const value = pair.slice(pair.indexOf('=') + 1)
      if (value !== '') jar.push({ name, value, path: where })
    }
    return answer
  }
  return { jar, get }
}

/** The first request of a browser for a client, and all that comes with it. */
export async function authorizeAs(
  port: number,
  client_id: string,
  change: Record<string, string | undefined> = {},
  host = here(port),
) {
  const verifier = randomBytes(32).toString('base64url')
  const query = {
    ...{ response_type: 'code', client_id, redirect_uri: callback, state: 'st-1', scope: 'mcp' },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    ...{ code_challenge_method: 'S256', resource: `${originOf(host)}/mcp` },
    ...change,
  }
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const browser = browserOf(port, host)
  const first = await browser.get(`/oauth/authorize?${new URLSearchParams(given)}`)
  const place = placeOf(first)
  return {
    ...{ verifier, browser, first, place },
    /** Goes on after the person answered, up to where the app is called back. */
    async finish(): Promise<URL> {
      let answer = await browser.get(place)
      for (let hops = 0; hops < 3 && placeOf(answer).startsWith('/oauth/'); hops++) {
        answer = await browser.get(placeOf(answer))
      }
      return new URL(String(answer.headers.location))
    },
  }
}

/** Where an answer leads, as a path when that is this machine's gateway. */
export function placeOf({ headers }: HttpAnswer): string {
  const to = String(headers.location ?? '')
  if (!URL.canParse(to)) return to
  const url = new URL(to)
  return url.pathname.startsWith('/oauth/') ? url.pathname + url.search : to
}

/** Answers the newest app that waits, as the approval page does; `tenant`: for whom the person chooses to let it work. */
export async function answerConsent(
  core: Core,
  answer: 'once' | 'always' | 'deny',
  tenant: string | null = null,
): Promise<void> {
  const waiting = await core.handlers['consents.list']({}, approver)
  const id = waiting.at(-1)?.id
  if (!id) throw new Error('no app waits')
  const { view, ticket } = await core.handlers['consents.show']({ id, tenant }, approver)
  await core.handlers['consents.answer']({ id, answer, shown_hash: view.shown_hash, ticket, tenant }, approver)
}

/** An app that registered, was let in, and has its tokens. */
export async function connected(
  core: Core,
  port: number,
  {
    answer = 'always',
    change = {},
    host = here(port),
  }: { answer?: 'once' | 'always'; change?: Record<string, string | undefined>; host?: string } = {},
): Promise<{ client: OAuthClient; tokens: Tokens; code: string; verifier: string }> {
  const client = await registerClient(port, {}, host)
  return { client, ...(await letIn(core, client, { answer, change })) }
}

/** The same for an app that registered before: it asks once more, and is let in. */
export async function letIn(
  core: Core,
  client: OAuthClient,
  { answer = 'always', change = {} }: { answer?: 'once' | 'always'; change?: Record<string, string | undefined> } = {},
): Promise<{ tokens: Tokens; code: string; verifier: string }> {
  const asked = await client.authorize(change)
  await answerConsent(core, answer)
  const code = (await asked.finish()).searchParams.get('code') ?? ''
  const exchanged = await client.exchange(code, asked.verifier)
  return { tokens: JSON.parse(exchanged.body), code, verifier: asked.verifier }
}
