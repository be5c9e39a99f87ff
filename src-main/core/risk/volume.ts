import type { Clock } from '../ports.ts'

/**
 * How much is far above the usual: so many times as much, but never fewer than `least` calls in a minute, and never more than `most`,
 * which nobody gets used to.
 */
const farAbove = { times: 5, least: 60, most: 1_200 }

/** How much one more minute changes what is usual. */
const learning = 0.2
const minuteMs = 60_000

/** Clients that are counted at once; beyond, those that are counted longest are forgotten first, and learnt again. */
export const mostClients = 2_000

type Deps = {
  /** What was learnt before this gateway started. */
  known: readonly { client: string; per_minute: number }[]
  clock: Clock
  /** Hears what is usual for a client, at most once a minute for each. */
  learnt: (client: string, perMinute: number) => void
}

type Count = { since: number; now: number; before: number; usual: number }

/**
 * Counts the calls of each client in the last minute, and learns what is usual for it from the minutes in which it called at all. The last
 * minute is the minute that began, and of the one before it the share that still belongs to it.
 */
export function createVolume({ known, clock, learnt }: Deps) {
  const counts = new Map<string, Count>()
  const usual = new Map(known.map(({ client, per_minute }) => [client, per_minute]))

  function begin(client: string, at: number): Count {
    if (counts.size >= mostClients) counts.delete(counts.keys().next().value ?? '')
    const count = { since: at, now: 0, before: 0, usual: usual.get(client) ?? 0 }
    counts.set(client, count)
    return count
  }

  function learn(client: string, count: Count): void {
    count.usual += learning * (count.now - count.usual)
    // What only claims its name is anybody's: it is learnt anew by each gateway, and fills no table.
    if (!client.startsWith('claimed:')) learnt(client, count.usual)
  }

  return {
    /** Counts one call, and says how many there were when that is far above the usual; null when it is not. */
    count(client: string): string | null {
      const at = clock.monotonic()
      const count = counts.get(client) ?? begin(client, at)
      const passed = Math.floor((at - count.since) / minuteMs)
      if (passed > 0) {
        learn(client, count)
        count.before = passed === 1 ? count.now : 0
        count.now = 0
        count.since += passed * minuteMs
      }
      count.now += 1
      const lastMinute = Math.round(count.now + count.before * (1 - (at - count.since) / minuteMs))
      const bound = Math.min(farAbove.most, Math.max(farAbove.least, farAbove.times * count.usual))
      if (lastMinute <= bound) return null
      return `${lastMinute} calls in the last minute, usually ${Math.round(count.usual)}`
    },
  }
}
