import { ToolgateError } from '../../shared/errors.ts'
import { type LimitName, type Limits, limits } from '../../shared/limits.ts'

/** The limits in force right now. */
export type LiveLimits = ReturnType<typeof liveLimits>

/** Keeps the limits, which may change while the gateway runs. */
export function liveLimits(first: Limits) {
  let now = first
  return {
    of: (name: LimitName): number => now[name],
    set(next: Limits): void {
      now = next
    },
    /** Throws LIMIT_REACHED, with the limit's name and value, when there is no room for one more beside `taken`. */
    room(name: LimitName, taken: number): void {
      if (taken >= now[name]) throw limitReached(name, now[name])
    },
  }
}

/** The refusal by a limit: which one, its value, and what it bounds. */
export function limitReached(name: LimitName, value: number): ToolgateError {
  return new ToolgateError('LIMIT_REACHED', `\`${name}\` is ${value} (${limits[name].bounds})`)
}
