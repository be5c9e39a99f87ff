import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where a browser comes back to: on this machine, at a path that nobody guesses. Port 0 takes any that is free. */
export type CallbackPlace = { port: number; path: string }

/** A listener that lives for one sign-in. `answer` resolves with what came back with the right state. */
export type CallbackListener = {
  redirectUri: string
  answer: (state: string) => Promise<URLSearchParams>
  close: () => void
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** A path that was not used before. */
export function newCallbackPath(): string {
  return `/callback/${randomBytes(16).toString('base64url')}`
}

/** The address that is registered for a place. */
export function callbackAddress({ port, path }: CallbackPlace): string {
  return `http://127.0.0.1:${port}${path}`
}

/** The place of an address that `callbackAddress` gave. */
export function placeOf(address: string): CallbackPlace {
  const { port, pathname } = new URL(address)
  return { port: Number(port), path: pathname }
}

/** Listens on 127.0.0.1 for a browser that comes back from signing in (RFC 8252 section 7.3). Rejects when the port is taken. */
export async function openCallback({ port, path }: CallbackPlace): Promise<CallbackListener> {
  const { promise, resolve } = Promise.withResolvers<URLSearchParams>()
  let expected: Buffer | null = null

  function taken(req: IncomingMessage): { status: number; says: string } {
    const bound = (server.address() as AddressInfo | null)?.port
    // Split by hand: there are targets, such as `//`, that are no URL, and any page of a browser can send them here.
    const [asked, query] = (req.url ?? '').split(/\?(.*)/s, 2)
    // A name that was bound to this machine for a moment is no way in.
    if (req.headers.host !== `127.0.0.1:${bound}` || asked !== path) return { status: 404, says: 'Nothing is here.' }
    if (req.method !== 'GET') return { status: 405, says: 'Nothing is taken here.' }
    const parameters = new URLSearchParams(query)
    const states = parameters.getAll('state')
    const given = Buffer.from(states.length === 1 ? (states[0] ?? '') : '')
    // Whoever does not know the state neither ends the sign-in nor hears more than this.
    if (!expected || given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return { status: 400, says: 'This is not the answer to a sign-in that Toolgate began.' }
    }
    expected = null
    resolve(parameters)
    return { status: 200, says: 'Toolgate has its answer. You can close this page; Toolgate says how it went.' }
  }

  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (req, res: ServerResponse) => {
    const { status, says } = taken(req)
    res.writeHead(status, { ...headers, connection: 'close' }).end(page(says))
  })
  server.maxConnections = 16
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return {
    redirectUri: callbackAddress({ port: (server.address() as AddressInfo).port, path }),
    answer(state) {
      expected = Buffer.from(state)
      return promise
    },
    close() {
      server.close()
      server.closeIdleConnections()
    },
  }
}

function page(says: string): string {
  const style = 'body{font:16px/1.5 system-ui;max-width:32rem;margin:20vh auto;padding:0 1rem;color-scheme:light dark}'
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Toolgate</title><style>${style}</style><h1>Toolgate</h1><p>${says}</p></html>`
}
