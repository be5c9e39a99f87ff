import type { GrantChoice, GrantDuration, GrantOffer } from '../../../shared/approval.ts'

/** One way to say for how long: `key` names it, and is what is remembered. */
export type DurationChoice = { key: string; label: string; choice: Omit<GrantChoice, 'offer'> }

const hoursOffered = [1, 8, 24, 168] as const
const words: Record<Exclude<GrantDuration, 'hours'>, string> = {
  once: 'once more',
  session: 'for this session',
  unchanged: 'until the tool or the policy changes',
}

/** For how long an offer may be taken, shortest first. */
export function durationChoices({
  durations,
  max_hours,
}: Pick<GrantOffer, 'durations' | 'max_hours'>): DurationChoice[] {
  return durations.flatMap((duration): DurationChoice[] => {
    if (duration !== 'hours') return [{ key: duration, label: words[duration], choice: { duration } }]
    const possible = hoursOffered.filter((hours) => hours <= max_hours)
    const offered: readonly number[] = possible.length > 0 ? possible : [max_hours]
    return offered.map((hours) => ({ key: `hours ${hours}`, label: hourWords(hours), choice: { duration, hours } }))
  })
}

function hourWords(hours: number): string {
  if (hours >= 48 && hours % 24 === 0) return `for ${hours / 24} days`
  return hours === 1 ? 'for 1 hour' : `for ${hours} hours`
}

const place = 'toolgate:grant-duration'

/** The duration that was chosen last in this browser; never that anything was allowed. */
export function lastDuration(): string | null {
  try {
    return localStorage.getItem(place)
  } catch {
    return null
  }
}

/** Remembers a duration as the one to propose. A browser that keeps nothing forgets it. */
export function rememberDuration(key: string): void {
  try {
    localStorage.setItem(place, key)
  } catch {
    // Nothing depends on it.
  }
}
