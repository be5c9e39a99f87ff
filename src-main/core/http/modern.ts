import type { Fallbacks } from '../gateway/fallbacks.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { unknownMethodLine } from '../gateway/to-client.ts'
import type { Clock } from '../ports.ts'
import type { Registry } from '../registry/registry.ts'
import type { Posted } from './exchange.ts'
import { legacyVersions } from './legacy.ts'
import { capabilitiesOf, type Rejection, rejectionOf } from './modern-checks.ts'
import { createModernUpstream, type ModernUpstream } from './modern-upstream.ts'
import { refuse, sendJson, sendNothing } from './refusals.ts'
import type { Seats } from './seats.ts'

/** How long a server is kept that nobody asks anything (contracts.md, bindings). */
const idleMs = 30 * 60_000

/**
 * The stateless generation (2026-07-28). Its requests know no session, but a server over stdio is one process: there is one
 * per client credential and server, and it ends when it is idle.
 */
export function createModern(deps: {
  gateway: Gateway
  registry: Registry
  fallbacks: Fallbacks
  clock: Clock
  seats: Seats
}) {
  const { gateway, registry, fallbacks, clock, seats } = deps
  const upstreams = new Map<string, ModernUpstream>()

  function upstreamFor({ caller, serverName, message }: Posted): ModernUpstream | null {
    // A server with sessions is told once what its client can do, so clients that can do different things do not share one.
    const told = registry.find(serverName)?.generation === 'legacy' ? capabilitiesOf(message) : ''
    const key = `${caller.id} ${serverName} ${told}`
    const known = upstreams.get(key)
    if (known) return known
    const upstream = seats.take(caller.id, (free) => {
      const made = createModernUpstream({
        clock,
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
    const server = registry.find(posted.serverName)
    return rejectionOf(posted.message, posted.req, {
      // One that only has sessions is bridged to clients that have none.
      speaks: server?.generation !== 'legacy' || !fallbacks.expected(posted.caller.id, posted.serverName),
      olderVersions: legacyVersions,
      tool: (name) => server?.tools.get(name)?.definition,
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
      if (!upstream) return refuse(res, 'TOO_MANY_SESSIONS', { idText })
      if (message.kind === 'request') return upstream.request(posted)
      await upstream.notify(posted)
      sendNothing(res, 202)
    },

    beat(): void {
      for (const upstream of upstreams.values()) upstream.beat()
    },

    sweep(): void {
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
