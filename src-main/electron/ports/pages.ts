import { CallError } from '../../../shared/call-errors.ts'
import type { PagesPort } from '../../core/ports.ts'

/** The pages of this host are windows: there is no link to the app, and the approval page is brought to the front. */
export function windowPages(openApprovals: (at: string) => void): PagesPort {
  return {
    appLink: () => {
      throw new CallError(
        'NO_PAGES',
        'the app is a window here, not an address',
        'open it from the tray or the dock, or start Toolgate again',
      )
    },
    openApprovals: (at) => {
      openApprovals(at)
      return null
    },
  }
}
