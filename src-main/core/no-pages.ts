import { CallError } from '../../shared/call-errors.ts'
import type { PagesPort } from './ports.ts'

/** The port of a host that shows no pages: whoever asks for one is told so. */
export const noPages: PagesPort = {
  appLink: () => {
    throw new CallError('NO_PAGES')
  },
  openApprovals: () => {
    throw new CallError('NO_PAGES')
  },
}
