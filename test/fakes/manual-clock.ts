import type { Clock } from '../../src-main/core/ports.ts'

/** A clock that moves only when told to; timers due by then run in order. */
export function manualClock(
  start = Date.parse('2026-11-21T08:00:00Z'),
): Clock & { pass: (ms: number) => void; set: (now: number) => void } {
  let now = start
  let monotonic = 0
  const timers = new Set<{ at: number; fn: () => void }>()
  return {
    now: () => now,
    monotonic: () => monotonic,
    after(ms, fn) {
      const timer = { at: monotonic + ms, fn }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    pass(ms) {
      now += ms
      monotonic += ms
      for (const timer of [...timers].filter(({ at }) => at <= monotonic).sort((a, b) => a.at - b.at)) {
        timers.delete(timer)
        timer.fn()
      }
    },
    set(value) {
      now = value
    },
  }
}
