import type { ApprovalView } from '../../../shared/approval.ts'
import { printable } from '../../../shared/printable.ts'
import { plainSentence, requestSentence } from '../../say/request-sentence.ts'

/** Whether this browser may tell of new requests while the page is out of sight; `default`: nobody has been asked yet. */
export function notificationState(): NotificationPermission {
  return 'Notification' in window ? Notification.permission : 'denied'
}

/** Tells of a request while the page is out of sight. The page comes to the front only when the person follows it. */
export function notifyOf(request: ApprovalView, home: string | null): void {
  if (!document.hidden || notificationState() !== 'granted') return
  const body = printable(plainSentence(requestSentence(request, home)))
  const told = new Notification('Toolgate: a call waits for you', { body, tag: request.id })
  told.onclick = () => {
    window.focus()
    told.close()
  }
}
