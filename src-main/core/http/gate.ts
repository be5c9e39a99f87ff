import type { IncomingMessage } from 'node:http'
import type { ClientRow, ClientsTable } from '../store/registry-tables.ts'
import type { RefusalCode } from './refusals.ts'
import { clientOfToken } from './token.ts'

/** Who may come in, or why not. */
export type Verdict = { client: ClientRow } | { refused: RefusalCode }

/** Headers on which the checks rest: of a repeated one, two programs could read different values. */
const single = ['host', 'origin', 'authorization']

/**
 * The checks that come before anything else is said, in this order: the address that the caller meant (a name that was rebound
 * to this machine must not count), the page that it comes from, and the token. The answer is the same for a missing, an
 * unknown and a revoked token.
 */
export function checkCaller(req: IncomingMessage, port: number, clients: ClientsTable): Verdict {
  const twice = repeated(req)
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const { host, origin, authorization } = req.headers
  if (twice.has('host') || host === undefined || !hosts.includes(host.toLowerCase())) return { refused: 'WRONG_HOST' }
  const own = origin === undefined || hosts.some((name) => origin === `http://${name}`)
  if (twice.has('origin') || !own) return { refused: 'WRONG_ORIGIN' }
  const client = twice.has('authorization') ? null : clientOfToken(authorization, clients)
  return client ? { client } : { refused: 'NO_TOKEN' }
}

function repeated({ rawHeaders }: IncomingMessage): Set<string> {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  return new Set(single.filter((name) => names.indexOf(name) !== names.lastIndexOf(name)))
}
