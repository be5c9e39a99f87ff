import { CallError } from '../../../shared/call-errors.ts'
import type { QuietView } from '../../../shared/fatigue.ts'
import { isWorkingTime } from '../../../shared/working-hours.ts'
import { deadline } from '../deadline.ts'
import type { Clock } from '../ports.ts'

const minuteMs = 60_000
const weekMs = 7 * 24 * 60 * minuteMs

export type QuietHours = ReturnType<typeof createQuietHours>

/**
 * Hours in which nobody is asked: what would ask is denied at once. INVARIANT: they only ever turn a question into a no, so
 * grants and what policy allows go on. `hours`: a text that `QuietHours` of the settings takes, or null.
 */
export function createQuietHours(deps: {
  clock: Clock
  hours: () => string | null
  record: (event: string, detail: Record<string, unknown>) => void
}) {
  const { clock } = deps
  let off: { until: number; over: () => boolean } | null = null
  let end: { hours: string; from: number; at: number | null } | null = null

  /** When the quiet that holds at `now` is over; null when it never is. Found once for each stretch. */
  function endOf(hours: string, now: number): number | null {
    if (end?.hours === hours && now >= end.from && (end.at === null || now < end.at)) return end.at
    let at: number | null = null
    for (let ms = Math.ceil((now + 1) / minuteMs) * minuteMs; ms <= now + weekMs; ms += minuteMs) {
      if (isWorkingTime(new Date(ms), hours)) continue
      at = ms
      break
    }
    end = { hours, from: now, at }
    return at
  }
  function quiet(): { until: number | null } | null {
    const hours = deps.hours()
    if (hours === null || (off && !off.over())) return null
    const now = clock.now()
    return isWorkingTime(new Date(now), hours) ? { until: endOf(hours, now) } : null
  }
  function view(): QuietView {
    const now = quiet()
    const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
    const hours = deps.hours()
    const offUntil = hours !== null && off && !off.over() ? off.until : null
    return { hours, quiet: now !== null, until: iso(now?.until ?? null), off_until: iso(offUntil) }
  }
  return {
    /** Whether calls that would ask are denied now, and until when, in milliseconds since 1970. */
    quiet,
    view,
    /** Lets calls ask for so many hours; 0 ends that. Recorded before it holds. Throws `CallError` BAD_INPUT where none are set. */
    switchOff(hours: number, by: { user: string; door: string }): QuietView {
      if (deps.hours() === null)
        throw new CallError('BAD_INPUT', 'no quiet hours are set', 'set them with `quiet_hours` in the settings first')
      const ms = hours * 3_600_000
      deps.record('quiet.off', { hours, by: by.user, door: by.door })
      off = hours === 0 ? null : { until: clock.now() + ms, over: deadline(clock, ms) }
      return view()
    },
  }
}
