import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { ToolgateError } from '../../../../shared/errors.ts'
import type { HttpLaunch } from '../../../../shared/server.ts'
import { checkAddress, lookupWithin } from './address-guard.ts'
import { type Authorizer, signsItselfIn } from './authorizer.ts'
import { awaitAnswer, discard, failureOf, HttpFailure, uncompressed } from './await-answer.ts'

const longestHeaders = 32 * 1024
const mostConnections = 256
/** Shorter than most servers keep an idle connection, so that no request goes out on one that is just being closed. */
const idleConnectionMs = 4_000
const mostRedirects = 3

/** One request. `withinMs`: until the headers of its answer, null for as long as it takes. `sent`: once its bytes are on their way. */
export type Outgoing = {
  method: 'POST' | 'GET' | 'DELETE'
  url: URL
  headers: Record<string, string>
  body?: Buffer
  signal: AbortSignal
  withinMs: number | null
  sent?: () => void
  /** Address whose sign-in goes with it, where the server itself named another one for its messages. */
  signedAs?: URL
}

/** Sends requests to one server; `close` ends its connections. */
export type Requester = {
  send: (outgoing: Outgoing) => Promise<IncomingMessage>
  /** Ends connections that nothing runs on: they may have died without a word. */
  refresh: () => void
  close: () => void
}

/**
 * Sends requests to one server, with its registered headers and nothing of any client's. The modules of Node rather than
 * `fetch`: they connect through a lookup of ours, follow no redirect, and give bodies as they come. Rejects with HttpFailure.
 */
export function createRequester(launch: HttpLaunch, authorizer: Authorizer): Requester {
  const origin = new URL(launch.url).origin
  const secure = origin.startsWith('https:')
  const options = { keepAlive: true, maxSockets: mostConnections, timeout: idleConnectionMs }
  // A certificate must be right, whatever the environment of the gateway says.
  // Taken only when it is needed: with it comes all of TLS, 5 MiB.
  const https = secure ? process.getBuiltinModule('node:https') : null
  const agent = https ? new https.Agent({ ...options, rejectUnauthorized: true }) : new HttpAgent(options)

  // What a person gave goes before what a sign-in brought.
  const given = signsItselfIn(launch)

  async function once(outgoing: Outgoing, signedAs: URL): Promise<IncomingMessage> {
    if (given) {
      const res = await bare(outgoing, null)
      if (res.statusCode !== 401) return res
      discard(res)
      throw new ToolgateError('SERVER_REFUSES_HEADER', 'HTTP 401')
    }
    const token = await authorizer.token(signedAs)
    const res = await bare(outgoing, token)
    const { statusCode = 0 } = res
    if (statusCode !== 401 && statusCode !== 403) return res
    const next = await authorizer.refused(signedAs, token, statusCode, challengesOf(res)).catch((error) => {
      discard(res)
      throw error
    })
    if (next === null) return res
    discard(res)
    return bare(outgoing, next)
  }

  async function bare(outgoing: Outgoing, token: string | null): Promise<IncomingMessage> {
    const { url, method, headers, body, signal } = outgoing
    checkAddress(url, [launch.reach])
    const all = {
      ...launch.headers,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      'user-agent': 'toolgate',
      'accept-encoding': 'identity',
      ...headers,
      ...(body ? { 'content-type': 'application/json', 'content-length': String(body.length) } : {}),
    }
    const req = (https?.request ?? httpRequest)(url, {
      ...{ method, agent, headers: all, signal, maxHeaderSize: longestHeaders, lookup: lookupWithin([launch.reach]) },
    })
    const answer = awaitAnswer(req, outgoing.withinMs).then(uncompressed)
    if (outgoing.sent) req.once('finish', outgoing.sent).once('close', outgoing.sent)
    req.end(body)
    return answer
  }

  return {
    async send(outgoing) {
      let { url } = outgoing
      for (let redirects = 0; ; redirects++) {
        if (url.origin !== origin) throw new HttpFailure(`it leads to another origin, \`${url.origin}\``)
        // What it redirects to is not what it named.
        const signedAs = redirects === 0 ? (outgoing.signedAs ?? url) : url
        const res = await once({ ...outgoing, url }, signedAs).catch((error) => {
          throw failureOf(error)
        })
        if (!isRedirect(res)) return res
        discard(res)
        if (redirects >= mostRedirects) throw new HttpFailure('it redirects again and again')
        url = redirectOf(res, url)
      }
    },
    refresh() {
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy()
    },
    close: () => agent.destroy(),
  }
}

/** The challenges of a refusal, as one text (RFC 9110, WWW-Authenticate). */
function challengesOf({ headersDistinct }: IncomingMessage): string {
  return (headersDistinct['www-authenticate'] ?? []).join(', ')
}

function isRedirect({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 300 && statusCode <= 399
}

/** Where a redirect that keeps method and body leads. Throws HttpFailure for those that are not followed. */
function redirectOf({ statusCode, headers }: IncomingMessage, from: URL): URL {
  const to =
    headers.location !== undefined && URL.canParse(headers.location, from.href) ? new URL(headers.location, from) : null
  if (to && to.origin !== from.origin) {
    throw new HttpFailure(`it redirects to another origin, \`${to.origin}\`, which is not followed`)
  }
  if (!to || (statusCode !== 307 && statusCode !== 308)) {
    throw new HttpFailure(`it answers with a redirect (HTTP ${statusCode}) that is not followed`)
  }
  return to
}
