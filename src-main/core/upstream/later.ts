import type { Clock } from '../ports.ts'

/** One thing that happens later, unless it is cancelled first. */
export function createLater(clock: Clock) {
  let stop: (() => void) | null = null

  return {
    waits: () => stop !== null,
    cancel: () => stop?.(),

    /** Runs `fn` after so many ms, and once `ready` has resolved. */
    start(ms: number, ready: () => Promise<unknown>, fn: () => void): void {
      let cancelled = false
      const stopTimer = clock.after(ms, async () => {
        await ready()
        if (cancelled) return
        stop = null
        fn()
      })
      stop = () => {
        cancelled = true
        stop = null
        stopTimer()
      }
    },
  }
}
