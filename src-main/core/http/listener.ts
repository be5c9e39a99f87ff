import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A caller may take this long to send its headers, and its whole request (ms); a slower one is cut off. */
const headersMs = 10_000
const requestMs = 60_000
/** An unused connection is kept this long (ms), longer than clients keep theirs, so that they need not try twice. */
const unusedMs = 72_000
const maxConnections = 512

/** Listens; `close` ends connections too. */
export type Listener = { port: number; close: () => Promise<void> }

/**
 * Listens on 127.0.0.1, port 0 meaning any free one, and hands every request on before its body is asked for. Rejects with the
 * system's error when the port cannot be had.
 */
export async function listenHttp(
  port: number,
  onRequest: (req: IncomingMessage, res: ServerResponse) => void,
): Promise<Listener> {
  const server = createServer({
    ...{ requireHostHeader: false, headersTimeout: headersMs, requestTimeout: requestMs },
    ...{ keepAliveTimeout: unusedMs, connectionsCheckingInterval: 2_000 },
  })
  server.maxConnections = maxConnections
  server.on('request', onRequest)
  // A body is asked for only once its caller was let in.
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', onRequest)
  // What is no HTTP gets no answer, least of all into the middle of one.
  server.on('clientError', (_error, socket) => void socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
