import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { pageSocketPath } from '../../../shared/page-link.ts'
import { controlLineLimit } from '../../core/control/dispatch.ts'
import type { PageFiles } from '../../host/built-pages.ts'
import { cacheControl, pageHeaders } from '../../host/page-headers.ts'
import { connectOf, hostOf, originOf } from './page-address.ts'

/** Connections that a page's listener has at once, and WebSockets among them. */
const mostConnections = 128
const mostSockets = 32

/** What one listener serves. `refused` hears why something was not answered; it is never told what was sent. */
export type PageServerDeps = {
  files: PageFiles
  onSocket: (socket: WebSocket, raw: Duplex) => void
  refused: (why: string) => void
}

/** A page's listener; `close` ends its connections too. */
export type PageServer = { port: number; sockets: () => number; close: () => Promise<void> }

/** Why a request is not answered, as HTTP says it; null when nothing speaks against it. */
type Refusal = { status: number; why: string } | null

/**
 * Serves one page, and nothing else, on 127.0.0.1: its files from memory and one WebSocket. A request that names another
 * host (a rebound name) or comes from another origin is refused before anything else is looked at. Throws when `port`
 * cannot be had; 0 takes any.
 */
export async function startPageServer(port: number, deps: PageServerDeps): Promise<PageServer> {
  // Node's own answers to what it finds wrong lack our headers, so everything comes to the listeners below.
  const limits = { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 }
  const server = createServer({ ...limits, connectionsCheckingInterval: 2_000, requireHostHeader: false })
  server.maxConnections = mostConnections
  server.timeout = 60_000
  const bound = await listen(server, port)
  const sockets = createSockets(bound)
  const answer = (request: IncomingMessage, response: ServerResponse) => serveFile(request, response, bound, deps)

  server.on('request', answer)
  server.on('checkContinue', answer)
  server.on('checkExpectation', answer)
  server.on('clientError', (_error, socket) => {
    // A browser opens connections ahead of need. One that was told anything before it asked would show that as its page.
    if ((socket as Socket).bytesRead === 0) socket.destroy()
    else refuseRaw(socket, bound, 400)
  })
  server.on('upgrade', (request, socket, head) => {
    const refusal = refusalOfUpgrade(request, bound) ?? (sockets.count() >= mostSockets ? busy : null)
    if (refusal) {
      deps.refused(refusal.why)
      refuseRaw(socket, bound, refusal.status)
    } else sockets.take(request, socket, head, deps.onSocket)
  })

  return {
    port: bound,
    sockets: sockets.count,
    close() {
      sockets.end()
      return new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

/** The WebSockets of a listener. What speaks their protocol is loaded with the first one: most gateways never show a page. */
function createSockets(port: number) {
  let opening = 0
  let server: WebSocketServer | null = null
  let ended = false

  async function load(): Promise<WebSocketServer> {
    const { WebSocketServer } = await import('ws')
    if (server) return server
    server = new WebSocketServer({
      ...{ noServer: true, clientTracking: true, maxPayload: controlLineLimit, perMessageDeflate: false },
    })
    server.on('wsClientError', (_error, socket) => refuseRaw(socket, port, 400))
    server.on('headers', (lines) =>
      lines.push(...Object.entries(pageHeaders(connectOf(port))).map(([name, it]) => `${name}: ${it}`)),
    )
    return server
  }

  async function take(request: IncomingMessage, socket: Duplex, head: Buffer, onSocket: PageServerDeps['onSocket']) {
    const gone = () => socket.destroy()
    opening++
    socket.on('error', gone)
    try {
      const loaded = await load()
      socket.off('error', gone)
      if (ended) gone()
      else loaded.handleUpgrade(request, socket, head, (open) => onSocket(open, socket))
    } catch {
      // Whoever asked may ask again; nothing of this may end the gateway.
      gone()
    } finally {
      opening--
    }
  }

  return {
    count: () => (server?.clients.size ?? 0) + opening,
    take: (...upgrade: Parameters<typeof take>) => void take(...upgrade),
    end() {
      ended = true
      for (const socket of server?.clients ?? []) socket.terminate()
    },
  }
}

const busy = { status: 503, why: 'too many connections' }

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Wrong host, or another origin: whoever asks sees neither what is here nor what is not. */
function refusalOfStranger({ headersDistinct }: IncomingMessage, port: number): Refusal {
  const { host, origin } = headersDistinct
  if (host?.length !== 1 || host[0] !== hostOf(port)) return { status: 403, why: 'another host was meant' }
  // Browsers leave it out when a page asks its own origin for a file, and never when another one does with CORS.
  if (origin && (origin.length !== 1 || origin[0] !== originOf(port)))
    return { status: 403, why: 'another origin asked' }
  return null
}

function refusalOfUpgrade(request: IncomingMessage, port: number): Refusal {
  const stranger = refusalOfStranger(request, port)
  if (stranger) return stranger
  if (!request.headers.origin) return { status: 403, why: 'no origin asked' }
  if (request.url !== pageSocketPath) return { status: 404, why: 'another path was upgraded' }
  return null
}

function serveFile(request: IncomingMessage, response: ServerResponse, port: number, deps: PageServerDeps): void {
  const stranger = refusalOfStranger(request, port)
  if (stranger) {
    deps.refused(stranger.why)
    end(request, response, port, { status: stranger.status })
    return
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    end(request, response, port, { status: 405, headers: { Allow: 'GET, HEAD' } })
    return
  }
  const file = deps.files.get(request.url ?? '')
  if (!file) {
    end(request, response, port, { status: 404 })
    return
  }
  const headers = { 'Content-Type': file.type, 'Cache-Control': cacheControl(file.hashed) }
  end(request, response, port, { status: 200, headers, body: file.bytes })
}

/** Whatever is not a file of the page: its number and words, and the end of the connection. */
function end(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  { status, headers, body }: { status: number; headers?: Record<string, string>; body?: Buffer },
): void {
  const bytes = body ?? Buffer.from(`${STATUS_CODES[status]}\n`)
  response.writeHead(status, {
    ...pageHeaders(connectOf(port)),
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': bytes.length,
    ...(body ? {} : { Connection: 'close' }),
    ...headers,
  })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/** The same for what never became a request. */
function refuseRaw(socket: Duplex, port: number, status: number): void {
  socket.on('error', () => socket.destroy())
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const text = `${STATUS_CODES[status]}\n`
  const lines = Object.entries({
    ...pageHeaders(connectOf(port)),
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': text.length,
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`)
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n'), () => socket.destroy())
}
