import type { Enrolment } from '../../src-main/core/presence/pin.ts'

/** The fact that a PIN was enrolled, kept in memory. */
export function enrolment(): Enrolment {
  let known = false
  return {
    known: () => known,
    remember() {
      known = true
    },
  }
}
