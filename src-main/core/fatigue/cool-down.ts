import { deadline } from '../deadline.ts'
import type { Clock } from '../ports.ts'

/** What of a request is cooled down: its client, its server and its tool. */
export type Cooled = { client: { id: string; identity: 'verified' | 'claimed' }; server: string; tool: string }

export type CoolDown = ReturnType<typeof createCoolDown>

/** After so many in a row that nobody answered, a person is not there. */
const unanswered = 2
/** Clients and tools that are counted; the oldest go. */
const mostCounted = 1_000

/**
 * Whether a person is told of another request of a client and tool. After two that nobody answered they are not, for `ms`
 * milliseconds; the requests are listed as always. Any answer of a person ends it for all: somebody is there.
 */
export function createCoolDown(deps: {
  clock: Clock
  ms: () => number
  record: (event: string, detail: Record<string, unknown>) => void
}) {
  const { clock } = deps
  const counts = new Map<string, { expired: number; until: number; over: () => boolean }>()
  // A name that is only claimed is changed at will, so all who claim one are one.
  const keyOf = ({ client, server, tool }: Cooled) =>
    JSON.stringify([client.identity === 'verified' ? client.id : '', server, tool])
  return {
    /** Until when nobody is told, in milliseconds since 1970; null when they are. */
    until(request: Cooled): number | null {
      const count = counts.get(keyOf(request))
      return count && count.expired >= unanswered && !count.over() ? count.until : null
    },

    /** A request ran out without an answer. */
    expired(request: Cooled): void {
      const key = keyOf(request)
      const expired = (counts.get(key)?.expired ?? 0) + 1
      const ms = deps.ms()
      counts.delete(key)
      for (const oldest of counts.keys()) {
        if (counts.size < mostCounted) break
        counts.delete(oldest)
      }
      const until = clock.now() + ms
      counts.set(key, { expired, until, over: deadline(clock, ms) })
      if (expired < unanswered || ms === 0) return
      const { client, server, tool } = request
      deps.record('approval.cooling', { client: client.id, server, tool, until: new Date(until).toISOString() })
    },

    /** A person answered something. */
    answered: (): void => counts.clear(),
  }
}
