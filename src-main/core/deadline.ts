import type { Clock } from './ports.ts'

/**
 * Tells whether `ms` milliseconds have passed since now, by whichever clock says so first: the monotonic one stands still
 * while the machine sleeps, and the wall clock can be set back.
 */
export function deadline(clock: Clock, ms: number): () => boolean {
  const [monotonic, wall] = [clock.monotonic() + ms, clock.now() + ms]
  return () => clock.monotonic() >= monotonic || clock.now() >= wall
}
