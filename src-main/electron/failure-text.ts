import { printable } from '../../shared/printable.ts'
import { UnfitHost } from '../host/unfit-host.ts'

/** A start that failed, as a person is told: what happened, and what to do about it. `busy`: another gateway has the profile. */
export type Failure = { busy: boolean; message: string; next: string }

/** Words for what kept the app from starting on a profile. */
export function failureText(error: unknown, profile: string): Failure {
  if (error instanceof UnfitHost) return { busy: false, message: printable(error.message), next: printable(error.hint) }
  if (isBusy(error)) {
    const who = error.pid === null ? 'another gateway' : `another gateway, process ${error.pid},`
    return {
      busy: true,
      message: `${who} serves the profile ${printable(profile)} already`,
      next: 'end it with `toolgate shutdown`, then start the app again',
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { busy: false, message: printable(message), next: `see \`gateway.log\` in ${printable(profile)}` }
}

/** The core keeps the class of this error to itself; its name and the process are what hosts know. */
function isBusy(error: unknown): error is Error & { pid: number | null } {
  return error instanceof Error && error.name === 'ProfileBusy'
}
