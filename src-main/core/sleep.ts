import type { Ports } from './ports.ts'

const tickMs = 5_000
/** A tick that comes this much late, by either clock, means that this machine slept (or was as good as asleep). */
const lateMs = 15_000

/** This machine slept, so many ms as far as that is known. */
type Woke = (sleptMs: number | null) => void

/**
 * Calls `woke` with about how long this machine slept; the host may hear of it first. Where sleep stops the monotonic clock the wall clock jumps, elsewhere
 * a tick is late; a wall clock that somebody puts forward looks the same, and what is done then does no harm. Returns how to stop.
 */
export function watchSleep({ clock, onWake }: Pick<Ports, 'clock' | 'onWake'>, woke: Woke): () => void {
  let [wall, monotonic] = [clock.now(), clock.monotonic()]
  let stop = clock.after(tickMs, tick)

  function tick(): void {
    const late = Math.max(clock.now() - wall, clock.monotonic() - monotonic) - tickMs
    wall = clock.now()
    monotonic = clock.monotonic()
    stop = clock.after(tickMs, tick)
    if (late >= lateMs) woke(late)
  }

  onWake?.(() => woke(null))
  return () => stop()
}
