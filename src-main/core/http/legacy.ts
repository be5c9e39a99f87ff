import { randomBytes } from 'node:crypto'
import { batchOf, batchVersion } from '../gateway/batches.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { type Message, parseMessage } from '../json/message.ts'
import type { LiveLimits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import { type Exchange, headerOf, ownerOf, type Posted } from './exchange.ts'
import { createLegacySession, type LegacySession } from './legacy-session.ts'
import { refuse, sendJson, sendNothing, sendOnlyEvent } from './refusals.ts'
import { type Seats, sessionLimits } from './seats.ts'

/** Versions that a client may name before one was agreed on (MCP, versioning). */
export const legacyVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07']

type Entry = { session: LegacySession; owner: string; serverName: string }

/**
 * The generation up to 2025-11-25: sessions that `initialize` begins and DELETE ends. A session belongs to the client whose
 * token began it, to the tenant of that token and to one server; to everybody else it does not exist.
 */
export function createLegacy(deps: { gateway: Gateway; clock: Clock; seats: Seats; limits: LiveLimits }) {
  const { gateway, clock, seats, limits } = deps
  const sessions = new Map<string, Entry>()

  /** The session that a request names, once its version has been checked too; refuses and gives null when there is none. */
  function entryOf({ caller, serverName, req, res }: Exchange, idText = 'null'): LegacySession | null {
    const id = headerOf(req, 'mcp-session-id')
    if (id === null) refuse(res, 'NO_SESSION', { idText })
    const entry = id === null ? undefined : sessions.get(id)
    const own = entry?.owner === ownerOf(caller) && entry.serverName === serverName ? entry.session : null
    if (id !== null && !own) refuse(res, 'UNKNOWN_SESSION', { idText })
    if (!own) return null
    const version = headerOf(req, 'mcp-protocol-version')
    if (version === null || version === own.version() || legacyVersions.includes(version)) return own
    refuse(res, 'BAD_VERSION', { idText, detail: `\`${version.slice(0, 40)}\`` })
    return null
  }

  function initialize(posted: Posted): void {
    const { caller, serverName, req, res, accepts } = posted
    const idText = posted.message.id?.text ?? 'null'
    if (headerOf(req, 'mcp-session-id') !== null) {
      refuse(res, 'MALFORMED', { idText, detail: 'a session is initialized once, without a session id' })
      return
    }
    const id = randomBytes(24).toString('base64url')
    const session = seats.take(caller.id, (free) => {
      const made = createLegacySession({
        id,
        ...{ clock, limits },
        open: (wire, end) => gateway.open(serverName, caller, wire, end),
        onEnd: () => {
          sessions.delete(id)
          free()
          return gateway.close(made.session())
        },
      })
      return made
    })
    if (!session) {
      refuse(res, 'TOO_MANY_SESSIONS', { idText, detail: sessionLimits(limits) })
      return
    }
    sessions.set(id, { session, owner: ownerOf(caller), serverName })
    // Who leaves before the answer does not know the session, and never will.
    res.once('close', () => {
      if (session.version() === null) void session.end()
    })
    const send = (line: Buffer, headers: Record<string, string>) =>
      accepts.json ? sendJson(res, 200, line, headers) : sendOnlyEvent(res, line, headers)
    session.initialize(posted, {
      begun: (line) => send(line, { 'mcp-session-id': id }),
      refused: (line) => {
        send(line, {})
        void session.end()
      },
    })
  }

  return {
    async post(posted: Posted): Promise<void> {
      const { message, res } = posted
      if (message.kind === 'request' && message.method === 'initialize') return initialize(posted)
      const session = entryOf(posted, message.id?.text)
      if (!session) return
      await session.post(posted)
      if (message.kind !== 'request' && !res.headersSent) sendNothing(res, 202)
    },

    /**
     * Takes several messages that came as one. `refused`: looks at the requests among them before any is handed over, and has answered when
     * it says so. Throws MALFORMED_MESSAGE when its session's version has no such thing.
     */
    async batch(exchange: Exchange, line: Buffer, refused: (requests: readonly Message[]) => boolean): Promise<void> {
      const session = entryOf(exchange)
      if (!session) return
      if (session.version() !== batchVersion) parseMessage(line, 'client')
      const { messages, requests } = batchOf(line)
      if (refused(requests)) return
      await session.batch(exchange, messages)
    },

    get(exchange: Exchange): void {
      const { req, res, accepts } = exchange
      const session = entryOf(exchange)
      if (!session) return
      if (accepts.events) session.listen(res, headerOf(req, 'last-event-id'))
      else refuse(res, 'WRONG_ACCEPT')
    },

    delete(exchange: Exchange): void {
      const session = entryOf(exchange)
      if (!session) return
      void session.end()
      sendNothing(exchange.res, 204)
    },

    beat(): void {
      for (const { session } of sessions.values()) session.beat()
    },

    /** Ends the sessions that nobody has used for too long. */
    sweep(): void {
      const idleMs = limits.of('http_session_idle_sec') * 1000
      for (const { session } of [...sessions.values()]) if (session.idleMs() >= idleMs) void session.end()
    },

    async close(): Promise<void> {
      await Promise.all([...sessions.values()].map(({ session }) => session.end()))
    },
  }
}
