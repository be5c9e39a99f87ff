import type { Clock } from '../../ports.ts'

/** Whether one more may come now: `most` at once, and then as many again over `perMs` milliseconds. */
export function createRate(clock: Pick<Clock, 'monotonic'>, most: number, perMs: number): () => boolean {
  let left = most
  let at = clock.monotonic()
  return () => {
    const now = clock.monotonic()
    left = Math.min(most, left + ((now - at) * most) / perMs)
    at = now
    if (left < 1) return false
    left -= 1
    return true
  }
}
