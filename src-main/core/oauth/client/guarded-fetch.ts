import { request as httpRequest, type IncomingMessage } from 'node:http'
import { printable } from '../../../../shared/printable.ts'
import type { Reach } from '../../../../shared/server.ts'
import { createGathering } from '../../gathering.ts'
import { AddressRefused, checkAddress, lookupWithin } from '../../upstream/http/address-guard.ts'
import { SignInFailure } from './failure.ts'

const wholeMs = 15_000
const longestHeaders = 32 * 1024
const longestBody = 256 * 1024
const mostRedirects = 3
const withoutBody = [101, 204, 205, 304]

/** What is sent; of `fetch`, as much as is used here. */
export type Sent = {
  method?: string
  headers?: Record<string, string>
  body?: unknown
  /** `manual`: a redirect is an answer, and not followed. */
  redirect?: 'manual'
}
export type GuardedFetch = (url: string, sent?: Sent) => Promise<Response>

/** Where the sign-in of a server that was registered with `reach` may lead: the internet, and the server's own kind of place. */
function signInReach(reach: Reach): Reach[] {
  return reach === 'internet' ? ['internet'] : [reach, 'internet']
}

/** Throws SignInFailure for an address to which no sign-in may lead: https only, or http to this machine for a server of this machine. */
export function checkSignInUrl(text: string, reach: Reach): URL {
  const shown = printable(text).slice(0, 200)
  if (!URL.canParse(text)) throw new SignInFailure(`\`${shown}\` is no URL`)
  const url = new URL(text)
  const local = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  const plain = url.protocol === 'http:' && local && reach === 'loopback'
  if (url.protocol !== 'https:' && !plain) throw new SignInFailure(`\`${shown}\` is not https`)
  if (url.username !== '' || url.password !== '') throw new SignInFailure(`\`${shown}\` holds a name or a password`)
  try {
    checkAddress(url, signInReach(reach))
  } catch {
    throw new SignInFailure(`\`${url.origin}\` leads to where the sign-in of this server may not lead`)
  }
  return url
}

/**
 * Fetches what a sign-in needs, with the rules of SECURITY.md: https, only where `reach` allows, addresses checked as the socket
 * connects, redirects of GET within one origin, bounded in size and time. Rejects with SignInFailure.
 */
export function createGuardedFetch(reach: Reach): GuardedFetch {
  return async (text, sent = {}) => {
    const signal = AbortSignal.timeout(wholeMs)
    let url = checkSignInUrl(text, reach)
    for (let redirects = 0; ; redirects++) {
      const { response, location } = await once(url, sent, reach, signal)
      if (location === null || sent.redirect === 'manual' || (sent.method ?? 'GET') !== 'GET') return response
      if (redirects >= mostRedirects) throw new SignInFailure(`\`${url.origin}\` redirects again and again`)
      const next = checkSignInUrl(location, reach)
      if (next.origin !== url.origin) {
        throw new SignInFailure(
          `\`${url.origin}\` redirects to another origin, \`${next.origin}\`, which is not followed`,
        )
      }
      url = next
    }
  }
}

async function once(url: URL, { method = 'GET', headers, body }: Sent, reach: Reach, signal: AbortSignal) {
  const bytes = body === undefined || body === null ? null : Buffer.from(String(body))
  const sending = new Headers(headers)
  sending.set('user-agent', 'toolgate')
  sending.set('accept-encoding', 'identity')
  if (bytes) sending.set('content-length', String(bytes.length))
  try {
    const res = await new Promise<IncomingMessage>((resolve, reject) => {
      // Taken only when it is needed: with it comes all of TLS.
      const send = url.protocol === 'https:' ? process.getBuiltinModule('node:https').request : httpRequest
      const options = { method, signal, headers: Object.fromEntries(sending), agent: false as const }
      const guard = {
        maxHeaderSize: longestHeaders,
        lookup: lookupWithin(signInReach(reach)),
        rejectUnauthorized: true,
      }
      send(url, { ...options, ...guard }, resolve)
        .on('error', reject)
        .on('upgrade', (_res, socket) => {
          socket.destroy()
          // From here on nothing else would be heard of it, not even that its time is over.
          reject(new SignInFailure(`\`${url.origin}\` answers with another protocol`))
        })
        .end(bytes ?? undefined)
    })
    return await whole(res, url)
  } catch (error) {
    throw failureOf(error, url)
  }
}

async function whole(res: IncomingMessage, url: URL): Promise<{ response: Response; location: string | null }> {
  const { statusCode = 502 } = res
  const gathered = createGathering()
  for await (const part of res as AsyncIterable<Buffer>) {
    gathered.add(part)
    if (gathered.size() > longestBody) throw new SignInFailure(`what \`${url.origin}\` answers is too large`)
  }
  const headers = new Headers()
  for (const [name, values] of Object.entries(res.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const { location } = res.headers
  const redirected =
    statusCode >= 301 && statusCode <= 308 && location !== undefined && URL.canParse(location, url.href)
  const body = withoutBody.includes(statusCode) ? null : new Uint8Array(gathered.take())
  return {
    response: new Response(body, { status: statusCode, headers }),
    location: redirected ? new URL(location, url).href : null,
  }
}

function failureOf(error: unknown, url: URL): SignInFailure {
  if (error instanceof SignInFailure) return error
  if (error instanceof AddressRefused) {
    return new SignInFailure(`\`${url.origin}\` leads to where the sign-in of this server may not lead`)
  }
  const { code = '', name } = error as { code?: string; name?: string }
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'ABORT_ERR') {
    return new SignInFailure(`\`${url.origin}\` did not answer within ${wholeMs / 1000} s`)
  }
  const why = /^[A-Z_]{1,60}$/.test(code) ? code : 'unknown cause'
  return new SignInFailure(`\`${url.origin}\` could not be reached (${why})`)
}
