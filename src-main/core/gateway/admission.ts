import { ToolgateError } from '../../../shared/errors.ts'
import { basesOf } from '../envelope/bases.ts'
import { createEffort } from '../envelope/effort.ts'
import { pathsIn } from '../envelope/paths.ts'
import type { Message } from '../json/message.ts'
import { mostWork } from '../json/outline.ts'
import type { LiveLimits } from '../limits.ts'
import { mayRun, type Server } from '../registry/server-record.ts'
import { stoppedBy } from '../stop/halts.ts'
import { claimedName } from './request.ts'
import type { SessionDeps, SessionInfo } from './session.ts'

/** Records something that happened in a session. Throws AUDIT_UNWRITABLE. */
export type SessionEvent = (name: string, detail: Record<string, unknown>) => void

/** How much there may be of everything, and how much there is. */
export type Room = {
  limits: LiveLimits
  /** Requests of all sessions that are not answered yet. */
  openInAll: () => number
  /** Takes room for a session, once; throws LIMIT_REACHED when there is none. */
  takeSeat: (info: SessionInfo) => void
}

/** What may be spent on looking through a request that nobody decides: it holds next to nothing, and is looked through at once. */
const mostLooking = mostWork / 4

/** Who a session's client is, whether its server may run, and which requests other than calls may pass. */
export function createAdmission(info: SessionInfo, deps: SessionDeps, event: SessionEvent) {
  const { client, serverName } = info
  let hasName = false

  /** The session's server, when a person approved what it runs. */
  function runnable(): Server {
    if (!deps.registry.find(serverName)) deps.registry.unknown.note(serverName)
    const server = deps.registry.need(serverName)
    if (server.approved_launch === null) throw new ToolgateError('SERVER_NOT_APPROVED', `\`${serverName}\``)
    if (!mayRun(server)) throw new ToolgateError('SERVER_CHANGED', `\`${serverName}\``)
    return server
  }

  return {
    runnable,

    /** The same, when there is room for this session too. */
    startable(): Server {
      runnable()
      deps.registry.look(serverName)
      const server = runnable()
      deps.takeSeat(info)
      return server
    },

    /** Throws LIMIT_REACHED when there is no room for one more request beside those `open` in this session. */
    roomFor(open: number): void {
      deps.limits.room('calls_per_session', open)
      deps.limits.room('calls_in_all', deps.openInAll())
    },

    /** A client without an entry is called what it says first, and its identity stays `claimed`. */
    named(message: Message): void {
      const name = client.identity === 'claimed' && !hasName ? claimedName(message) : null
      if (name === null) return
      hasName = true
      client.name = name
      client.id = `claimed:${name}`
    },

    /** Nothing reaches a server while it, its client or everything is stopped, nor from a client that was revoked. */
    halted: () => deps.haltOf(serverName, client.id) !== null || deps.clientRevoked(client.id),

    /** Requests other than calls pass, but not while stopped, and not to Toolgate's own files. Throws why not. */
    guard(message: Message): void {
      const halt = deps.haltOf(serverName, client.id)
      if (halt) throw stoppedBy(halt)
      if (deps.clientRevoked(client.id)) throw new ToolgateError('CLIENT_REFUSED', `\`${client.name}\``)
      const touched = deps.protectedPath(
        pathsIn(message.json.params ?? {}, basesOf(runnable().launch), createEffort(mostLooking)),
        true,
      )
      if (touched === null) return
      event('request.refused', { method: message.method, why: touched, reason_code: 'PROTECTED_PATH' })
      throw new ToolgateError('PROTECTED_PATH', touched)
    },
  }
}
