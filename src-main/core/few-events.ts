import type { Clock, Log } from './ports.ts'

/** How many are recorded one by one in each stretch of time; of those beyond, their number is. */
const mostEach = 20
const stretchMs = 60_000

/**
 * Records what anybody can bring about without end, as a refusal: whoever floods a door fills the record with 20 events a minute and one that
 * counts the rest, with `_more` after its name.
 */
export function createFewEvents(
  event: string,
  deps: { clock: Clock; record: (event: string, detail: Record<string, unknown>) => void; log: Log },
) {
  let [recorded, more] = [0, 0]
  let stop: (() => void) | null = null

  const write = (name: string, detail: Record<string, unknown>) => {
    try {
      deps.record(name, detail)
    } catch (error) {
      deps.log.error('a refusal could not be recorded', { event: name, error: String(error) })
    }
  }
  /** False for one that is only counted. */
  const isFew = () => {
    stop ??= deps.clock.after(stretchMs, endStretch)
    if (recorded++ < mostEach) return true
    more++
    return false
  }
  const endStretch = () => {
    stop?.()
    stop = null
    if (more > 0) write(`${event}_more`, { count: more, within_sec: stretchMs / 1000 })
    recorded = 0
    more = 0
  }

  return {
    /** What cannot be recorded is refused all the same, and the log says so. */
    note(detail: Record<string, unknown>): void {
      if (isFew()) write(event, detail)
    },

    /** The same for what must not happen unrecorded; throws what `record` throws. */
    record(detail: Record<string, unknown>): void {
      if (isFew()) deps.record(event, detail)
    },

    /** Records what was only counted so far. */
    close: endStretch,
  }
}
