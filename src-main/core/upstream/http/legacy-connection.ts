import type { IncomingMessage } from 'node:http'
import type { Message } from '../../json/message.ts'
import { discard, HttpFailure } from './await-answer.ts'
import { acceptBoth, acceptMs, type Connection, pause, type Sending } from './connection.ts'
import type { EventEndpoint } from './event-endpoint.ts'
import type { OpenRequest } from './open-requests.ts'
import { type StreamEnd, typeOf } from './read-answer.ts'

/** When a stream is asked for again, unless the server says otherwise; and the least and most it may say. */
const retryMs = { usual: 1_000, least: 20, most: 60_000 }
/** Streams in a row that bring nothing before a request, or listening, is given up. */
const mostBarren = 6
const goodbyeMs = 1_000
/** What follows `notifications/initialized` waits so long for the server to be heard. */
const heardMs = 1_000

/** Statuses by which a server that only speaks the transport of 2024-11-05 turns `initialize` down (transports, backwards compatibility). */
const perhapsOlder = [400, 404, 405]

/**
 * The generation up to 2025-11-25 over Streamable HTTP: a session that `initialize` begins, one POST per message, a GET stream for
 * what the server says by itself, broken streams taken up where they ended, and DELETE at the end.
 */
export function createLegacyConnection(connection: Connection, older: () => Promise<EventEndpoint | null>) {
  const { url, requester, requests, closing, exit, log } = connection
  let session: { id: string | null; version: string | null } | null = null
  let endpoint: EventEndpoint | null = null
  let heard: string | null = null
  let gaveUpListening = false
  /** Ends the stream, or the request for it, on which the server is heard now. */
  let listening: AbortController | null = null
  /** What must arrive before what comes after it: `initialize`, and everything that is not a request. */
  let before: Promise<unknown> = Promise.resolve()

  const headers = (): Record<string, string> => ({
    ...(session?.id ? { 'mcp-session-id': session.id } : {}),
    ...(session?.version ? { 'mcp-protocol-version': session.version } : {}),
  })
  const post = ({ message, sent }: Sending, signal: AbortSignal, withinMs: number | null) =>
    requester.send({
      ...{ method: 'POST', url, body: message.raw, signal, withinMs, sent },
      headers: { accept: acceptBoth, ...headers() },
    })
  const get = (lastId: string | null, signal: AbortSignal) =>
    requester.send({
      ...{ method: 'GET', url, signal, withinMs: null },
      headers: { accept: 'text/event-stream', ...headers(), ...(lastId === null ? {} : { 'last-event-id': lastId }) },
    })

  async function initialize(sending: Sending): Promise<void> {
    session = { id: null, version: null }
    const request = requests.begin(sending.message)
    try {
      const res = await post(sending, request.abort.signal, null)
      if (perhapsOlder.includes(res.statusCode ?? 0)) {
        endpoint = await older().catch((error) => {
          res.destroy()
          throw error
        })
        if (endpoint) {
          res.destroy()
          // It is with the endpoint now, under the same id.
          await endpoint.send(sending)
          return
        }
      }
      session.id = sessionId(res)
      void answered(res, request)
      session.version = versionOf(await request.settled)
    } catch (error) {
      requests.lost(request, error)
    } finally {
      sending.sent()
    }
  }

  async function ask(sending: Sending): Promise<void> {
    const request = requests.begin(sending.message)
    try {
      await answered(await post(sending, request.abort.signal, null), request)
    } catch (error) {
      requests.lost(request, error)
    } finally {
      sending.sent()
    }
  }

  async function answered(res: IncomingMessage, request: OpenRequest): Promise<void> {
    try {
      if (sessionEnded(res)) return
      // It is there again, as after a sleep of this machine.
      if (gaveUpListening) void listen()
      const end = await requests.take(res, request)
      if (end) await follow(request, end)
    } catch (error) {
      requests.lost(request, error)
    }
  }

  /** Takes a stream that ended before its answer up again where it ended (transports, resumability). */
  async function follow(request: OpenRequest, end: StreamEnd): Promise<void> {
    let { lastId, retryMs: wanted } = end
    // Also while it is asked for: whoever cancels the request does not wait for that.
    const over = AbortSignal.any([closing, request.abort.signal])
    for (let barren = 0; lastId !== null && barren < mostBarren && requests.isOpen(request); barren++) {
      await pause(waitOf(wanted) * (barren + 1), request.abort.signal)
      if (!requests.isOpen(request)) return
      const res = await get(lastId, over).catch(() => null)
      if (!res) continue
      if (!isStream(res)) {
        discard(res)
        break
      }
      const next = await requests.read(res)
      if (next.events > 0) barren = -1
      lastId = next.lastId ?? lastId
      wanted = next.retryMs ?? wanted
    }
    requests.lost(request, new HttpFailure('the stream of its answer broke off'))
  }

  /** Sends what has no answer; resolves once the server took it. */
  async function tell(sending: Sending): Promise<void> {
    const { message } = sending
    try {
      const res = await post(sending, closing, acceptMs)
      if (sessionEnded(res)) return
      discard(res)
      if ((res.statusCode ?? 0) >= 300) log.info('a server refused a message', { status: res.statusCode })
      const cancelled = requests.cancelledBy(message)
      if (cancelled) requests.forget(cancelled)
      if (message.method === 'notifications/initialized') await heardFirst()
    } catch (error) {
      log.info('a message did not reach its server', { why: (error as Error).message })
    } finally {
      sending.sent()
    }
  }

  /** Begins to listen: what the server asks by itself before its stream is open, as while it works on the first call, is lost. */
  function heardFirst(): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<void>()
    void listen(resolve)
    return Promise.race([promise, pause(heardMs, closing)])
  }

  /** Hears what the server says by itself, as long as it offers that; `began` is called once it is heard, or is not going to be. */
  async function listen(began = () => {}): Promise<void> {
    gaveUpListening = false
    for (let barren = 0; barren < mostBarren && !closing.aborted; barren++) {
      let wanted: number | null = null
      listening = new AbortController()
      const res = await get(heard, AbortSignal.any([closing, listening.signal])).catch(() => null)
      began()
      if (res && !isStream(res)) return discard(res)
      if (res) {
        const end = await requests.read(res)
        heard = end.lastId ?? heard
        wanted = end.retryMs
        if (end.events > 0) barren = -1
      }
      await pause(waitOf(wanted) * (barren + 2), closing)
    }
    gaveUpListening = true
  }

  /** True when the server no longer knows the session: then this connection is over. */
  function sessionEnded(res: IncomingMessage): boolean {
    if (res.statusCode !== 404 || !session?.id) return false
    discard(res)
    exit('it no longer knows the session (HTTP 404)')
    return true
  }

  function pass(sending: Sending): Promise<void> | undefined {
    if (endpoint) {
      const accepted = endpoint.send(sending)
      return sending.message.kind === 'request' ? undefined : accepted
    }
    const { kind, method } = sending.message
    if (method === 'initialize') return initialize(sending)
    if (kind !== 'request') return tell(sending)
    void ask(sending)
    return undefined
  }

  return {
    begun: () => session !== null,

    send(sending: Sending): void {
      before = before.then(() => (closing.aborted ? sending.sent() : pass(sending)))
    },

    /** The stream of what the server says by itself is taken up anew. False where one stream carries everything. */
    wake(): boolean {
      listening?.abort()
      if (gaveUpListening) void listen()
      return endpoint === null
    },

    /** Tells the server that the session is over; whether it hears that is its own affair. */
    async goodbye(): Promise<void> {
      if (!session?.id || endpoint) return
      const signal = AbortSignal.timeout(goodbyeMs)
      const sent = requester.send({ method: 'DELETE', url, headers: headers(), signal, withinMs: goodbyeMs })
      await sent.then(discard, () => {})
    },
  }
}

function isStream(res: IncomingMessage): boolean {
  return res.statusCode === 200 && typeOf(res) === 'text/event-stream'
}

/** At least as long as the server wants (MCP 2025-11-25, transports), and a little apart from others that wait as long. */
function waitOf(wanted: number | null): number {
  return Math.min(Math.max(wanted ?? retryMs.usual, retryMs.least), retryMs.most) * (1 + Math.random() / 4)
}

/** The session that an answer to `initialize` begins; null for none. Throws HttpFailure for an id that no header may carry. */
function sessionId({ headers }: IncomingMessage): string | null {
  const id = headers['mcp-session-id']
  if (id === undefined) return null
  if (typeof id === 'string' && /^[\x21-\x7e]{1,1024}$/.test(id)) return id
  throw new HttpFailure('it names a session by something else than 1–1,024 visible letters')
}

function versionOf(answer: Message | null): string | null {
  const { protocolVersion } = (answer?.json.result ?? {}) as { protocolVersion?: unknown }
  return typeof protocolVersion === 'string' && /^[\w.-]{1,40}$/.test(protocolVersion) ? protocolVersion : null
}
