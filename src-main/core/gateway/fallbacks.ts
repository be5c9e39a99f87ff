import type { Clock } from '../ports.ts'

/** A client that speaks both generations asks in the older one as soon as the newer one is turned down. */
const fallsBackWithinMs = 3_000
const mostClients = 10_000

export type Fallbacks = ReturnType<typeof createFallbacks>

/**
 * Which clients fall back to the generation with sessions where a server speaks no other. To those a server shows what it speaks itself, so
 * that their messages pass as they are; for the others the stateless generation is bridged. Only a client's behaviour tells: a first request
 * is turned down, and one that asks again later without having fallen back speaks nothing else (protocol.md 1.3).
 */
export function createFallbacks(clock: Clock) {
  /** By client and server: since when it is turned down, null for one that has fallen back. */
  const known = new Map<string, number | null>()
  const keyOf = (clientId: string, serverName: string) => `${serverName} ${clientId}`

  function remember(key: string, value: number | null): void {
    known.delete(key)
    known.set(key, value)
    for (const oldest of known.keys()) {
      if (known.size <= mostClients) return
      known.delete(oldest)
    }
  }

  return {
    /** The client began a session. */
    fellBack: (clientId: string, serverName: string) => remember(keyOf(clientId, serverName), null),

    /** Whether a request of the stateless generation is to be turned down, so that its client can fall back. */
    expected(clientId: string, serverName: string): boolean {
      const key = keyOf(clientId, serverName)
      const since = known.get(key)
      if (since === undefined) remember(key, clock.monotonic())
      return since === undefined || since === null || clock.monotonic() - since < fallsBackWithinMs
    },
  }
}
