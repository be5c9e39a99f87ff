import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Certificate } from './certificate.ts'

/** A reverse proxy as an organisation has one; `to`: the port that it hands on to. */
export type TlsProxy = {
  port: number
  to: (port: number) => void
  rewrites: (host: boolean) => void
  close: () => void
}

/**
 * Ends TLS and hands `/mcp`, `/oauth/` and `/.well-known/` on, with what proxies add to say for whom they ask. It keeps the `Host` that it was
 * asked for, unless `rewrites` says that it names the gateway's address instead, as some do when nobody told them otherwise.
 */
export async function startTlsProxy({ cert, key }: Certificate): Promise<TlsProxy> {
  let [target, rewriting] = [0, false]
  const server = createServer({ cert, key }, (req, res) => {
    if (!/^\/(mcp(\/|$)|oauth\/|\.well-known\/)/.test(req.url ?? '')) {
      res.writeHead(404).end()
      return
    }
    const added = {
      ...{ 'x-forwarded-for': req.socket.remoteAddress, 'x-forwarded-proto': 'https', via: '1.1 proxy' },
      'x-forwarded-host': req.headers.host,
      ...(rewriting ? { host: `127.0.0.1:${target}` } : {}),
    }
    const on = request(
      { host: '127.0.0.1', port: target, method: req.method, path: req.url, headers: { ...req.headers, ...added } },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(res)
      },
    )
    on.on('error', () => res.destroy())
    res.on('close', () => on.destroy())
    req.pipe(on)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    to(port) {
      target = port
    },
    rewrites(host) {
      rewriting = host
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
