/** What the tray tells about the gateway. */
export type GuardState = { stopped: boolean; waiting: number }

/** What a menu item does. */
export type TrayAction = 'open' | 'approvals' | 'stop' | 'resume' | 'quit'
export type TrayItem = { action: TrayAction; label: string; enabled: boolean } | 'separator'

/** The tray as it should look: which picture, what it says on hover, the number beside it (macOS), and its menu. */
export type TrayModel = {
  icon: 'guarding' | 'waiting' | 'stopped'
  tooltip: string
  count: string
  menu: TrayItem[]
}

/** The tray for a state. While stopped nothing can wait, so that comes first. */
export function trayModel({ stopped, waiting }: GuardState): TrayModel {
  const some = waiting > 0
  const requests = waiting === 1 ? '1 call waits for you' : `${waiting} calls wait for you`
  return {
    icon: stopped ? 'stopped' : some ? 'waiting' : 'guarding',
    tooltip: `Toolgate: ${stopped ? 'stopped, no tool runs' : some ? requests : 'guarding'}`,
    count: some && !stopped ? String(waiting) : '',
    menu: [
      { action: 'open', label: 'Open Toolgate', enabled: true },
      { action: 'approvals', label: some ? `Approvals (${waiting})` : 'Approvals', enabled: true },
      'separator',
      stopped
        ? { action: 'resume', label: 'Resume…', enabled: true }
        : { action: 'stop', label: 'Stop everything', enabled: true },
      'separator',
      { action: 'quit', label: 'Quit Toolgate', enabled: true },
    ],
  }
}
