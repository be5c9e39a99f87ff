import { Menu } from 'electron'

/** The menu bar: on macOS what its keys for editing and windows need, elsewhere none. Nothing in it reloads or inspects a page. */
export function setMenu(platform: NodeJS.Platform): void {
  const mac = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] as const
  Menu.setApplicationMenu(platform === 'darwin' ? Menu.buildFromTemplate([...mac]) : null)
}
