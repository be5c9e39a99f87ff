import type { LiveLimits } from '../limits.ts'

/** A session that can be asked to make room. */
type Occupant = { idleMs: () => number; end: () => unknown }

/**
 * Room for sessions over HTTP. A client that is at its limit loses the session that it left unused longest, if there is one.
 * `take` gives what `make` made, or null when there is no room; who was made calls `free` once it has ended. What `make`
 * throws is passed on, and the seat is free again.
 */
export type Seats = { take: <Made extends Occupant>(client: string, make: (free: () => void) => Made) => Made | null }

/**
 * How long a session must have been unused before it makes room for another of its client. Short, because many clients of the
 * command line begin a session with every command and end none; those that stay keep a stream open, which is use.
 */
const restMs = 10_000

/** Makes the room, all of it free. */
export function createSeats(limits: LiveLimits): Seats {
  const taken = new Map<symbol, { client: string; occupant: Occupant | null }>()

  function makeRoom(client: string): void {
    const idle = [...taken.values()]
      .filter((seat) => seat.client === client)
      .flatMap(({ occupant }) => (occupant && occupant.idleMs() >= restMs ? [occupant] : []))
      .sort((a, b) => b.idleMs() - a.idleMs())
    idle[0]?.end()
  }

  const full = (client: string) =>
    taken.size >= limits.of('http_sessions_in_all') ||
    [...taken.values()].filter((seat) => seat.client === client).length >= limits.of('http_sessions_per_client')

  return {
    take(client, make) {
      if (full(client)) makeRoom(client)
      if (full(client)) return null
      const key = Symbol(client)
      const free = () => void taken.delete(key)
      taken.set(key, { client, occupant: null })
      try {
        const occupant = make(free)
        if (taken.has(key)) taken.set(key, { client, occupant })
        return occupant
      } catch (error) {
        free()
        throw error
      }
    },
  }
}

/** What bounds sessions over HTTP, in words. */
export function sessionLimits(limits: LiveLimits): string {
  const [own, all] = [limits.of('http_sessions_per_client'), limits.of('http_sessions_in_all')]
  return `\`http_sessions_per_client\` is ${own}, \`http_sessions_in_all\` is ${all}`
}
