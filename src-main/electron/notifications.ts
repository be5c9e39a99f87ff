import { Notification as SystemNotification } from 'electron'
import type { Log, Notification } from '../core/ports.ts'
import { notificationText } from './notification-text.ts'

/** Tells a person, outside of our windows. `settle`: nothing waits any more, so what said so goes away. */
export type Notifier = { notify: (notification: Notification) => void; settle: () => void }

/** The buttons of a notification about a call that waits, where the system shows buttons; nothing is ever allowed here. */
const buttons = [
  { type: 'button', text: 'Deny' },
  { type: 'button', text: 'Open' },
] as const

/**
 * Notifications of the system, which lead to a window; one about a call that waits can deny that call. At most one about
 * calls that wait is shown, the newest, so that a client that asks again and again cannot bury the desktop. `notified` hears
 * whether the system showed one, or what it said instead.
 */
export function systemNotifier(
  open: Record<Notification['kind'], () => void>,
  icon: string,
  log: Log,
  notified: (problem: string | null) => void,
): Notifier {
  // Held until they are gone: one that is collected as garbage takes its click with it.
  const shown = new Map<Notification['kind'], SystemNotification>()
  return {
    notify(notification) {
      const { kind, sound = false, deny } = notification
      log.info('a person was notified', { kind, title: notification.title })
      if (!SystemNotification.isSupported()) return
      shown.get(kind)?.close()
      const urgency = kind === 'approval' ? 'critical' : 'normal'
      const looks = { ...notificationText(notification), icon, urgency, silent: !sound } as const
      const fresh = new SystemNotification({ ...looks, actions: deny ? [...buttons] : [] })
      fresh.on('click', () => open[kind]())
      fresh.on('action', ({ actionIndex }) => {
        if (deny && buttons[actionIndex]?.text === 'Deny') deny()
        else open[kind]()
      })
      fresh.on('show', () => notified(null))
      fresh.on('failed', (_event, error) => {
        log.warn('a notification could not be shown', { error })
        notified(error)
      })
      shown.set(kind, fresh)
      fresh.show()
    },
    settle() {
      shown.get('approval')?.close()
      shown.delete('approval')
    },
  }
}
