import type { PageDoor } from '../../../shared/calls.ts'
import type { Clock, Log } from '../../core/ports.ts'

/** Between two lines of the log about the same: whoever is refused must not be able to push other lines out of it. */
const quietMs = 60_000

/** Tells the log what a page's listener refused, each reason at most once a minute, with how often it came since. */
export function refusalLog(door: PageDoor, clock: Clock, log: Log): (why: string) => void {
  const told = new Map<string, { at: number; times: number }>()
  return (why) => {
    const before = told.get(why)
    if (before && clock.monotonic() - before.at < quietMs) {
      before.times += 1
      return
    }
    log.warn('a page connection was refused', { door, why, times: (before?.times ?? 0) + 1 })
    told.set(why, { at: clock.monotonic(), times: 0 })
  }
}
