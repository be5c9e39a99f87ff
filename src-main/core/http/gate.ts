import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { isOfOtherPage, type Way } from '../origins.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import type { Caller } from './exchange.ts'
import type { OAuthDoor } from './oauth-door.ts'
import type { RefusalCode } from './refusals.ts'
import { clientOfToken } from './token.ts'

/**
 * Who may come in, or why not. `lasts`: whether it could still come in by what it was let in for, be it with a newer token: then what it opened
 * goes on, since clients that renew their tokens in time would lose what they wait for.
 */
export type Verdict = { client: Caller; lasts: () => boolean } | { refused: 'NO_TOKEN' | 'WRONG_SCOPE' }

/**
 * Who stands at the door. `place`: by which origin a request came, or why it is not for this door or from where it may come; `check`: may it
 * come in; `stillIn`: is that origin still one of this gateway, has its client not been turned out since, and is its token still good.
 */
export type Gate = {
  place: (req: IncomingMessage) => { way: Way } | { refused: RefusalCode }
  check: (req: IncomingMessage, way: Way) => Verdict
  stillIn: (req: IncomingMessage) => boolean
}

/** What proxies add to say for whom they ask; whoever asks from this machine has nobody to name. */
const forwarding = [
  ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port'],
  ...['x-forwarded-server', 'x-real-ip', 'x-original-host', 'true-client-ip', 'cf-connecting-ip'],
]

/**
 * The checks that come before anything else is said, in this order: the address that the caller meant (a name that was rebound
 * to this machine must not count), the page that it comes from, and the token: one that was made for a client here, or an access token. By
 * the public origin access tokens alone count: one that was made here has no end, and was made for a program of this machine. The answer is
 * the same for an unknown and a revoked token.
 */
export function createGate(
  clients: ClientsTable,
  oauth: OAuthDoor,
  wayOf: (host: string | undefined) => Way | null,
): Gate {
  /** What a connection last proved with a token that has no end. It counts for the very same header only, and until it is revoked. */
  const proved = new WeakMap<Socket, { authorization: string; client: Caller }>()

  const withoutEnd = (client: Caller): Verdict => ({ client, lasts: () => !clients.isRevoked(client.id) })

  function check(req: IncomingMessage, way: Way): Verdict {
    const { headers, socket, url } = req
    const { authorization } = headers
    if (authorization === undefined || isRepeated(req, 'authorization')) return { refused: 'NO_TOKEN' }
    if (way.publicOrigin === null) {
      const known = proved.get(socket)
      if (known?.authorization === authorization) {
        return clients.isRevoked(known.client.id) ? { refused: 'NO_TOKEN' } : withoutEnd(known.client)
      }
      const client = clientOfToken(authorization, clients)
      if (client) {
        proved.set(socket, { authorization, client })
        return withoutEnd(client)
      }
    }
    // Looked up each time: it ends by itself, and with any word of the person or its app.
    const verdict = oauth.check(authorization, url ?? '', way)
    if ('client' in verdict) return verdict
    return { refused: verdict.refused === 'insufficient_scope' ? 'WRONG_SCOPE' : 'NO_TOKEN' }
  }

  function place(req: IncomingMessage): { way: Way } | { refused: RefusalCode } {
    const { host, origin } = req.headers
    const way = isRepeated(req, 'host') ? null : wayOf(host)
    if (!way) return { refused: 'WRONG_HOST' }
    // A proxy that names this machine instead of itself would let strangers pass for programs of it.
    if (way.publicOrigin === null && isForwarded(req)) return { refused: 'FORWARDED' }
    const own = origin === undefined || way.alike.includes(origin)
    if (isRepeated(req, 'origin') || !own) return { refused: 'WRONG_ORIGIN' }
    // For pictures, frames and the like of a page browsers name no origin, but where they come from.
    return isOfOtherPage(req.headers) && !isLink(req) ? { refused: 'WRONG_ORIGIN' } : { way }
  }

  /** A page may lead its browser to where apps sign in, as theirs do: to a page of its own, which somebody then sees. */
  function isLink({ method, url, headers }: IncomingMessage): boolean {
    const seen = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
    return method === 'GET' && seen && headers['sec-purpose'] === undefined && oauth.isForBrowsers(url ?? '')
  }

  return {
    check,
    place,
    stillIn(req) {
      const placed = place(req)
      return 'way' in placed && 'client' in check(req, placed.way)
    },
  }
}

/** No MCP client speaks HTTP/1.0; a proxy that says nothing else of itself does, as nginx did by default for long. */
function isForwarded({ headers, httpVersion }: IncomingMessage): boolean {
  return httpVersion === '1.0' || forwarding.some((name) => headers[name] !== undefined)
}

/** Of a header that comes twice, two programs could read different values. */
function isRepeated({ rawHeaders }: IncomingMessage, name: string): boolean {
  let found = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const written = rawHeaders[i]
    if (written?.length === name.length && written.toLowerCase() === name) found++
  }
  return found > 1
}
