import { join } from 'node:path'
import type { TrayModel } from './tray-model.ts'

/**
 * The file of a tray picture. macOS colours a template itself; elsewhere there is one for dark and one for light panels.
 * What waits has a colour of its own, so that it is seen from the corner of the eye.
 */
export function trayPicture(folder: string, icon: TrayModel['icon'], platform: NodeJS.Platform, dark: boolean): string {
  if (platform === 'darwin') return join(folder, `${icon}Template.png`)
  return join(folder, `${icon}-${dark ? 'dark' : 'light'}.png`)
}
