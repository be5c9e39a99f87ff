import type { Clock } from '../core/ports.ts'

/** A gateway that a client or a command started ends when nobody has used it for so long. */
export const idleLimitMs = 15 * 60_000

/** Calls `end` once `idleMs` has reached the limit; looks again when it could have, never more often. Returns how to stop. */
export function whenIdle(idleMs: () => number, clock: Clock, end: () => void): () => void {
  let cancel = () => {}
  const look = (): void => {
    const left = idleLimitMs - idleMs()
    if (left <= 0) end()
    else cancel = clock.after(left, look)
  }
  look()
  return () => cancel()
}
