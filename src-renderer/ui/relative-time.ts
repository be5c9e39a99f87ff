const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

/** How long ago, in few characters, for a moment `at` seen from `now` (milliseconds since 1970); days ago as a date. */
export function relativeTime(at: number, now: number): string {
  const ago = now - at
  if (ago < -minute) return `${date.format(at)}, ${clock.format(at)}`
  if (ago < 10_000) return 'just now'
  if (ago < minute) return `${Math.floor(ago / 10_000) * 10} s ago`
  if (ago < hour) return `${Math.floor(ago / minute)} min ago`
  if (ago < day) return `${Math.floor(ago / hour)} h ago`
  if (ago < 2 * day) return `yesterday, ${clock.format(at)}`
  return `${date.format(at)}, ${clock.format(at)}`
}

/** The exact moment, in the person's own language and zone. */
export function exactTime(at: number): string {
  return full.format(at)
}
