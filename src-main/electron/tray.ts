import { Menu, nativeImage, nativeTheme, Tray } from 'electron'
import type { Log } from '../core/ports.ts'
import { type GuardState, type TrayAction, trayModel } from './tray-model.ts'
import { trayPicture } from './tray-picture.ts'

/** The icon in the system's tray. */
export type GuardTray = { show: (state: GuardState) => void; destroy: () => void }

/**
 * Shows the tray icon; null where the desktop has none, which costs nothing else: a second start opens the window. `folder`
 * holds its pictures, `act` does what its menu says.
 */
export function createTray(folder: string, act: (action: TrayAction) => void, log: Log): GuardTray | null {
  let state: GuardState = { stopped: false, waiting: 0 }
  const picture = (icon: ReturnType<typeof trayModel>['icon']) =>
    nativeImage.createFromPath(trayPicture(folder, icon, process.platform, nativeTheme.shouldUseDarkColors))
  const make = (): Tray | null => {
    try {
      return new Tray(picture('guarding'))
    } catch (error) {
      log.warn('this desktop shows no tray icon', { error: String(error) })
      return null
    }
  }
  const tray = make()
  if (!tray) return null

  const draw = () => {
    const { icon, tooltip, count, menu } = trayModel(state)
    tray.setImage(picture(icon))
    tray.setToolTip(tooltip)
    if (process.platform === 'darwin') tray.setTitle(count)
    tray.setContextMenu(
      Menu.buildFromTemplate(
        menu.map((item) =>
          item === 'separator'
            ? { type: 'separator' }
            : { label: item.label, enabled: item.enabled, click: () => act(item.action) },
        ),
      ),
    )
  }
  // A click opens the menu on macOS by itself.
  if (process.platform !== 'darwin') tray.on('click', () => act(state.waiting > 0 ? 'approvals' : 'open'))
  nativeTheme.on('updated', draw)
  draw()
  return {
    show(next) {
      state = next
      draw()
    },
    destroy() {
      nativeTheme.off('updated', draw)
      tray.destroy()
    },
  }
}
