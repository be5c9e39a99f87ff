import type { Clock } from '../../src-main/core/ports.ts'

export type FakeClock = Clock & {
  /** Moves both clocks on, running due timers on the way, each at its own time. */
  advance: (ms: number) => void
  /** Moves the wall clock alone, as a person or a time server does. */
  setWall: (ms: number) => void
}

/** A clock that stands still until it is told to move; the wall clock begins at `start`. */
export function fakeClock(start = Date.UTC(2026, 0, 2, 3, 4, 5, 678)): FakeClock {
  let elapsed = 0
  let offset = start
  const timers = new Set<{ due: number; fn: () => void }>()
  const nextUntil = (end: number) =>
    [...timers]
      .filter(({ due }) => due <= end)
      .reduce<{ due: number; fn: () => void } | null>(
        (first, timer) => (first && first.due <= timer.due ? first : timer),
        null,
      )
  return {
    now: () => offset + elapsed,
    monotonic: () => elapsed,
    after: (ms, fn) => {
      const timer = { due: elapsed + Math.max(ms, 0), fn }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance: (ms) => {
      const end = elapsed + ms
      for (let timer = nextUntil(end); timer; timer = nextUntil(end)) {
        timers.delete(timer)
        elapsed = Math.max(elapsed, timer.due)
        timer.fn()
      }
      elapsed = end
    },
    setWall: (ms) => {
      offset = ms - elapsed
    },
  }
}
