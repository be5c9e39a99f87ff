import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { ClientsTable } from '../store/registry-tables.ts'
import type { Caller } from './exchange.ts'
import type { OAuthDoor } from './oauth-door.ts'
import type { RefusalCode } from './refusals.ts'
import { clientOfToken } from './token.ts'

/** Who may come in, or why not. */
export type Verdict = { client: Caller } | { refused: RefusalCode }

/**
 * Who stands at the door. `place`: why a request is not for this door or from where it may come, null when it is; `check`: may it come in;
 * `stillIn`: has its client not been turned out since, and is its token still good.
 */
export type Gate = {
  place: (req: IncomingMessage, port: number) => RefusalCode | null
  check: (req: IncomingMessage, port: number) => Verdict
  stillIn: (req: IncomingMessage, port: number) => boolean
}

/**
 * The checks that come before anything else is said, in this order: the address that the caller meant (a name that was rebound
 * to this machine must not count), the page that it comes from, and the token: one that was made for a client here, or an access token. The
 * answer is the same for an unknown and a revoked token.
 */
export function createGate(clients: ClientsTable, oauth: OAuthDoor): Gate {
  /** What a connection last proved with a token that has no end. It counts for the very same header only, and until it is revoked. */
  const proved = new WeakMap<Socket, { authorization: string; client: Caller }>()

  function check(req: IncomingMessage, port: number): Verdict {
    const { headers, socket, url } = req
    const { authorization } = headers
    if (authorization === undefined || isRepeated(req, 'authorization')) return { refused: 'NO_TOKEN' }
    const known = proved.get(socket)
    if (known?.authorization === authorization) {
      return clients.isRevoked(known.client.id) ? { refused: 'NO_TOKEN' } : { client: known.client }
    }
    const client = clientOfToken(authorization, clients)
    if (client) {
      proved.set(socket, { authorization, client })
      return { client }
    }
    // Looked up each time: it ends by itself, and with any word of the person or its app.
    const verdict = oauth.check(authorization, url ?? '', port)
    if ('client' in verdict) return verdict
    return { refused: verdict.refused === 'insufficient_scope' ? 'WRONG_SCOPE' : 'NO_TOKEN' }
  }

  return {
    check,
    stillIn: (req, port) => 'client' in check(req, port),
    place(req, port) {
      const { host, origin } = req.headers
      const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
      if (isRepeated(req, 'host') || host === undefined || !hosts.includes(host.toLowerCase())) return 'WRONG_HOST'
      const own = origin === undefined || hosts.some((name) => origin === `http://${name}`)
      return isRepeated(req, 'origin') || !own ? 'WRONG_ORIGIN' : null
    },
  }
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
