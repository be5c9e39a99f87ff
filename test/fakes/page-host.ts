import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type WebSocket, WebSocketServer } from 'ws'
import {
  type CallName,
  type ControlReply,
  ControlRequest,
  calls,
  type DoorName,
  type Input,
  type Output,
  type PageEvent,
} from '../../shared/calls.ts'
import { type PageGreeting, pageSocketPath, signInFragment } from '../../shared/page-link.ts'

/** What the host answers, call by call; what is missing fails as a real gateway would fail inside. Throw `HostRefusal` to refuse. */
export type Answers = { [N in CallName]?: (input: Input<N>) => Output<N> | Promise<Output<N>> }

/** A refusal with its code, sentence and next step. */
export class HostRefusal extends Error {
  readonly code: string
  readonly hint: string
  constructor(code: string, message: string, hint: string) {
    super(message)
    this.code = code
    this.hint = hint
  }
}

type HostOptions = {
  page: Exclude<DoorName, 'terminal'>
  answers: Answers
  /** Folder of the built pages. */
  folder?: string
  port?: number
  /** Sessions that are good from the start, as after a host that came back. */
  sessions?: readonly string[]
}

const built = fileURLToPath(new URL('../../out/renderer', import.meta.url))
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/**
 * A scripted host of one page: serves the built files under the product's content security policy, and speaks the lines of
 * `page-link.ts`. Every answer is checked against the table of calls, so that it cannot drift from the real one.
 */
export async function startPageHost({ page, answers, folder = built, port = 0, sessions: known = [] }: HostOptions) {
  const sockets = new Set<WebSocket>()
  const nonces = new Set<string>()
  const sessions = new Set(known)
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://host').pathname)
    const file = join(folder, path === '/' ? `${page}.html` : path)
    try {
      const body = readFileSync(file)
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
      response.setHeader('content-security-policy', policy((server.address() as AddressInfo).port))
      response.end(body)
    } catch {
      response.statusCode = 404
      response.end()
    }
  })
  const socketServer = new WebSocketServer({ server, path: pageSocketPath })
  socketServer.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.once('message', (data) => {
      const session = admit(JSON.parse(String(data)) as PageGreeting, nonces, sessions)
      if (session === null) {
        const refusal = { code: 'SIGNED_OUT', message: 'this sign-in link was used before', hint: 'open the page anew' }
        socket.send(JSON.stringify({ ok: false, ...refusal }))
        socket.close()
        return
      }
      socket.send(JSON.stringify({ ok: true, session }))
      socket.on('message', async (line) => {
        const request = ControlRequest.parse(JSON.parse(String(line)))
        asked.push(request.call)
        socket.send(JSON.stringify(await reply(request, answers)))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  const url = `http://127.0.0.1:${address.port}/`
  return {
    url,
    port: address.port,
    /** Names of all calls so far, in order. */
    asked,
    /** A link that signs in once. */
    link(at?: string): string {
      const nonce = crypto.randomUUID()
      nonces.add(nonce)
      return `${url}#${signInFragment}=${nonce}${at === undefined ? '' : `&at=${at}`}`
    },
    tell(event: PageEvent): void {
      for (const socket of sockets) socket.send(JSON.stringify({ event }))
    },
    /** Cuts every connection; sessions stay good unless `forget`. */
    drop({ forget = false } = {}): void {
      if (forget) sessions.clear()
      for (const socket of sockets) socket.terminate()
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.terminate()
      socketServer.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function policy(port: number): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ws://127.0.0.1:${port}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function admit(greeting: PageGreeting, nonces: Set<string>, sessions: Set<string>): string | null {
  if ('session' in greeting) return sessions.has(greeting.session) ? greeting.session : null
  if (!nonces.delete(greeting.sign_in)) return null
  const session = crypto.randomUUID()
  sessions.add(session)
  return session
}

async function reply({ id, call, input }: { id: number; call: string; input?: unknown }, answers: Answers) {
  const name = call as CallName
  const answer = answers[name] as ((input: unknown) => unknown) | undefined
  if (!answer) return { id, ok: false, code: 'INTERNAL', message: `no answer to \`${call}\``, hint: 'script one' }
  try {
    const value = calls[name].output.parse(await answer(calls[name].input.parse(input)))
    return { id, ok: true, value } satisfies ControlReply
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error
    return { id, ok: false, code: error.code, message: error.message, hint: error.hint } satisfies ControlReply
  }
}
