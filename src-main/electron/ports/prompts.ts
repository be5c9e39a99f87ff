import { Notification, powerMonitor } from 'electron'
import type { HostPrompts } from '../../core/ports.ts'

/** How this desktop shows that a call waits, and whether its screen is locked. */
export type DesktopPrompts = {
  state: () => HostPrompts
  /** The system turned a notification down, with what it said; null: it showed one. */
  notified: (problem: string | null) => void
  /** Calls back each time that the screen is locked or unlocked. */
  onLock: (listener: (locked: boolean) => void) => void
}

/**
 * The approval window always appears, so calls can wait. Of notifications Electron tells only whether there is a service for them and
 * that one failed, not whether the person allowed them: what is known is said. While the screen is locked everything waits behind it.
 */
export function desktopPrompts(): DesktopPrompts {
  let locked = false
  let failure: string | null = null
  const listeners: ((locked: boolean) => void)[] = []
  const become = (value: boolean) => {
    locked = value
    for (const listener of listeners) listener(value)
  }
  powerMonitor.on('lock-screen', () => become(true))
  powerMonitor.on('unlock-screen', () => become(false))
  const problem = () => {
    if (!Notification.isSupported()) return 'this desktop has no service for notifications: only the window appears'
    if (failure === null) return null
    return `the system showed no notification (${failure}): allow them for Toolgate in its settings; the window appears all the same`
  }
  return {
    state: () => ({
      how: locked ? 'a window on this desktop, behind the locked screen' : 'a window on this desktop',
      problem: problem(),
    }),
    notified: (said) => {
      failure = said
    },
    onLock: (listener) => void listeners.push(listener),
  }
}
