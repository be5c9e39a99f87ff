import type { Clock } from '../../src-main/core/ports.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { fakeClock } from './clock.ts'

/** A clock that goes by itself, and can be moved on: its monotonic time and its timers, not the date. */
export function movedClock(): { clock: Clock; advance: (ms: number) => void } {
  const fake = fakeClock()
  const clock = {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + fake.monotonic(),
    after: (ms: number, fn: () => void) => {
      const stops = [systemClock.after(ms, once), fake.after(ms, once)]
      function once() {
        for (const stop of stops) stop()
        fn()
      }
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
  return { clock, advance: fake.advance }
}
