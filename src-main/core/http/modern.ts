import { allServers } from '../../../shared/link.ts'
import type { Fallbacks } from '../gateway/fallbacks.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { unknownMethodLine } from '../gateway/to-client.ts'
import type { LiveLimits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import type { Registry } from '../registry/registry.ts'
import { toolNamed } from '../registry/shared-name.ts'
import { speakModern } from '../registry/speak-modern.ts'
import { ownerOf, type Posted } from './exchange.ts'
import { legacyVersions } from './legacy.ts'
import { capabilitiesOf, type Rejection, rejectionOf } from './modern-checks.ts'
import { createModernUpstream, type ModernUpstream } from './modern-upstream.ts'
import { refuse, sendJson, sendNothing } from './refusals.ts'
import { type Seats, sessionLimits } from './seats.ts'

/**
 * The stateless generation (2026-07-28). Its requests know no session, but a server over stdio is one process: there is one
 * per client credential, which is for one tenant, and server, and it ends when it is idle.
 */
export function createModern(deps: {
  gateway: Gateway
  registry: Registry
  fallbacks: Fallbacks
  clock: Clock
  seats: Seats
  limits: LiveLimits
}) {
  const { gateway, registry, fallbacks, clock, seats, limits } = deps
  const upstreams = new Map<string, ModernUpstream>()

  /** Whether a server, or one of all, speaks only the generation with sessions. */
  function hasSessions(serverName: string): boolean {
    if (serverName === allServers) return !speakModern(registry.list())
    return registry.find(serverName)?.generation === 'legacy'
  }

  function upstreamFor({ caller, serverName, message }: Posted): ModernUpstream | null {
    // A server with sessions is told once what its client can do, so clients that can do different things do not share one.
    const told = hasSessions(serverName) ? capabilitiesOf(message) : ''
    const key = `${ownerOf(caller)} ${serverName} ${told}`
    const known = upstreams.get(key)
    if (known) return known
    const upstream = seats.take(caller.id, (free) => {
      const made = createModernUpstream({
        ...{ clock, limits },
        open: (wire, end) => gateway.open(serverName, caller, wire, end),
        onEnd: () => {
          upstreams.delete(key)
          free()
          return gateway.close(made.session())
        },
      })
      return made
    })
    if (upstream) upstreams.set(key, upstream)
    return upstream
  }

  function rejected(posted: Posted): Rejection | null {
    const { serverName, message, req, caller } = posted
    const all = serverName === allServers
    const definition = (server: string, tool: string) => registry.find(server)?.tools.get(tool)?.definition
    const shared = (name: string) => {
      const named = toolNamed(registry.list(), name)
      return named ? definition(named.server, named.name) : undefined
    }
    return rejectionOf(message, req, {
      // One that only has sessions is bridged to clients that have none.
      speaks: !hasSessions(serverName) || !fallbacks.expected(caller.id, serverName),
      olderVersions: legacyVersions,
      tool: (name) => (all ? shared(name) : definition(serverName, name)),
    })
  }

  return {
    async post(posted: Posted): Promise<void> {
      const { message, res } = posted
      const idText = message.id?.text ?? 'null'
      if (message.kind === 'response') return refuse(res, 'MALFORMED', { detail: 'nobody asked for an answer' })
      if (message.kind === 'request') {
        const rejection = rejected(posted)
        if (rejection) return reject(posted, rejection)
        // The handshake of the older generation: a server that speaks both would take the process over for it.
        if (message.method === 'initialize') return sendJson(res, 404, unknownMethodLine(idText, message.method))
      }
      // A request is cancelled by closing its stream. An id alone could be that of another connection's request.
      if (message.method === 'notifications/cancelled') {
        sendNothing(res, 202)
        return
      }
      const upstream = upstreamFor(posted)
      if (!upstream) return refuse(res, 'TOO_MANY_SESSIONS', { idText, detail: sessionLimits(limits) })
      if (message.kind === 'request') return upstream.request(posted)
      await upstream.notify(posted)
    },

    beat(): void {
      for (const upstream of upstreams.values()) upstream.beat()
    },

    sweep(): void {
      const idleMs = limits.of('http_session_idle_sec') * 1000
      for (const upstream of [...upstreams.values()]) if (upstream.idleMs() >= idleMs) void upstream.end()
    },

    async close(): Promise<void> {
      await Promise.all([...upstreams.values()].map((upstream) => upstream.end()))
    },
  }
}

function reject({ message, res }: Posted, { status, ...error }: Rejection): void {
  const line = `{"jsonrpc":"2.0","id":${message.id?.text ?? 'null'},"error":${JSON.stringify(error)}}`
  sendJson(res, status, Buffer.from(line))
}
