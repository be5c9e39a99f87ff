import type { RateLimit } from '../../../shared/constraints.ts'
import type { Clock } from '../ports.ts'

/** One count that a call is part of: the limit of one rule, for one client, tool or user. `key` tells it from all others. */
export type Counted = { key: string; rule: string; limit: RateLimit }

/** Why a call is too many: which limit, and after how many seconds there is room again; `full`: nothing more can be counted. */
export type TooMany = { counted: Counted; retryAfterSec: number; full: boolean }

/** What one count holds: calls by the time at which they were counted, oldest first, as `[time, calls, time, calls, …]`. */
type Window = { entries: number[]; windowMs: number }

/** So many times are told apart in one window. With more calls, neighbours count as if all had come at the later time. */
const steps = 128
/** So many counts are kept at once; those whose calls have all run out make room. */
const mostWindows = 10_000

export type RateLimits = ReturnType<typeof createRateLimits>

/**
 * Counts calls in sliding windows. INVARIANT: in no stretch of `per_sec` seconds are more than `max_calls` taken; where many calls are
 * counted together, room may come back up to a 128th of the window later. Kept in memory only: a restart begins at nothing. The clock
 * is the monotonic one, so that setting the time changes no count.
 */
export function createRateLimits(clock: Pick<Clock, 'monotonic'>, most = mostWindows) {
  const windows = new Map<string, Window>()

  function windowOf({ key, limit }: Counted, now: number): Window {
    const windowMs = limit.per_sec * 1000
    const found = windows.get(key) ?? { entries: [], windowMs }
    // A rule that was changed to a longer window counts what is still known.
    found.windowMs = windowMs
    let gone = 0
    while (gone < found.entries.length && (found.entries[gone] as number) + windowMs <= now) gone += 2
    if (gone > 0) found.entries.splice(0, gone)
    return found
  }

  function excess(counted: Counted, now: number): TooMany | null {
    const { entries, windowMs } = windowOf(counted, now)
    let over = taken(entries) + 1 - counted.limit.max_calls
    if (over <= 0) return null
    for (let i = 0; i < entries.length; i += 2) {
      over -= entries[i + 1] as number
      if (over <= 0)
        return { counted, retryAfterSec: secondsUntil((entries[i] as number) + windowMs, now), full: false }
    }
    return { counted, retryAfterSec: counted.limit.per_sec, full: false }
  }

  /** True when one more count can be kept, after forgetting those that hold nothing any more. */
  function room(now: number): boolean {
    if (windows.size < most) return true
    for (const [key, { entries, windowMs }] of windows) {
      if ((entries.at(-2) ?? Number.NEGATIVE_INFINITY) + windowMs <= now) windows.delete(key)
    }
    return windows.size < most
  }

  /** The first of the counts that has no room for one more call, or null. */
  function check(all: readonly Counted[]): TooMany | null {
    const now = clock.monotonic()
    for (const counted of all) {
      const found = excess(counted, now)
      if (found) return found
    }
    return null
  }

  return {
    check,

    /** Counts one call everywhere or, when one of the counts has no room, nowhere. `undo` takes it back, for a call that is not made after all. */
    take(all: readonly Counted[]): TooMany | { undo: () => void } {
      const found = check(all)
      if (found) return found
      const now = clock.monotonic()
      const undoing: (() => void)[] = []
      const undo = () => {
        for (const step of undoing.splice(0)) step()
      }
      for (const counted of all) {
        if (!windows.has(counted.key) && !room(now)) {
          undo()
          return { counted, retryAfterSec: counted.limit.per_sec, full: true }
        }
        const window = windowOf(counted, now)
        windows.set(counted.key, window)
        const at = add(window, now, counted.limit)
        undoing.push(() => remove(window, at))
      }
      return { undo }
    },

    /** How many calls a count holds right now. */
    held: (counted: Counted): number => taken(windowOf(counted, clock.monotonic()).entries),
    /** How many counts are kept. */
    size: () => windows.size,
  }
}

function taken(entries: readonly number[]): number {
  let sum = 0
  for (let i = 1; i < entries.length; i += 2) sum += entries[i] as number
  return sum
}

/** Counts a call at `now`, or at the end of its step where calls are counted together: never earlier than it came. */
function add({ entries, windowMs }: Window, now: number, { max_calls }: RateLimit): number {
  const step = max_calls <= steps ? 0 : windowMs / steps
  const at = step === 0 ? now : Math.ceil(now / step) * step
  const last = entries.at(-2)
  if (last !== undefined && last >= at) {
    entries[entries.length - 1] = (entries.at(-1) as number) + 1
    return last
  }
  entries.push(at, 1)
  return at
}

function remove({ entries }: Window, at: number): void {
  for (let i = entries.length - 2; i >= 0; i -= 2) {
    if (entries[i] !== at) continue
    entries[i + 1] = (entries[i + 1] as number) - 1
    if (entries[i + 1] === 0) entries.splice(i, 2)
    return
  }
}

/** Whole seconds, rounded up, so that waiting them is always enough. */
function secondsUntil(when: number, now: number): number {
  return Math.max(1, Math.ceil((when - now) / 1000))
}
