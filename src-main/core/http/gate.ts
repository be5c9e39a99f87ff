import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { ClientRow, ClientsTable } from '../store/registry-tables.ts'
import type { RefusalCode } from './refusals.ts'
import { clientOfToken } from './token.ts'

/** Who may come in, or why not. */
export type Verdict = { client: ClientRow } | { refused: RefusalCode }

/** Who stands at the door. `check`: may this request come in at `port`; `stillIn`: has its client not been turned out since. */
export type Gate = {
  check: (req: IncomingMessage, port: number) => Verdict
  stillIn: (client: { id: string }) => boolean
}

/**
 * The checks that come before anything else is said, in this order: the address that the caller meant (a name that was rebound
 * to this machine must not count), the page that it comes from, and the token. The answer is the same for a missing, an
 * unknown and a revoked token.
 */
export function createGate(clients: ClientsTable): Gate {
  /** What a connection last proved. It counts for the very same header only, and until its token is revoked. */
  const proved = new WeakMap<Socket, { authorization: string; client: ClientRow }>()
  const stillIn = ({ id }: { id: string }) => !clients.isRevoked(id)

  function clientOf({ headers: { authorization }, socket }: IncomingMessage): ClientRow | null {
    const known = proved.get(socket)
    if (known && known.authorization === authorization) return stillIn(known.client) ? known.client : null
    const client = clientOfToken(authorization, clients)
    if (client && authorization !== undefined) proved.set(socket, { authorization, client })
    return client
  }

  return {
    stillIn,
    check(req, port) {
      const { host, origin } = req.headers
      const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
      if (isRepeated(req, 'host') || host === undefined || !hosts.includes(host.toLowerCase())) {
        return { refused: 'WRONG_HOST' }
      }
      const own = origin === undefined || hosts.some((name) => origin === `http://${name}`)
      if (isRepeated(req, 'origin') || !own) return { refused: 'WRONG_ORIGIN' }
      const client = isRepeated(req, 'authorization') ? null : clientOf(req)
      return client ? { client } : { refused: 'NO_TOKEN' }
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
