import { BrowserWindow, type BrowserWindowConstructorOptions, type Session } from 'electron'
import type { PageDoor } from '../../shared/calls.ts'
import type { Log } from '../core/ports.ts'
import { pageWindow } from './ipc.ts'
import type { pageLines } from './page-lines.ts'
import { hardenContents, pagePreferences } from './security.ts'

/** What every window of a page needs. */
export type PageHost = {
  sessions: Record<PageDoor, Session>
  lines: ReturnType<typeof pageLines>
  preload: string
  icon: string
  openUrl: (url: string) => void
  log: Log
}

/**
 * Opens a window for a door's page, hardened and served, without showing it. The page of a window can load anew, as after a
 * crash: then it is a new connection.
 */
export function openPageWindow(
  door: PageDoor,
  options: BrowserWindowConstructorOptions,
  host: PageHost,
): BrowserWindow {
  const { log, icon } = host
  const window = new BrowserWindow({
    show: false,
    icon,
    autoHideMenuBar: true,
    ...options,
    webPreferences: { ...options.webPreferences, ...pagePreferences(host.preload, host.sessions[door]) },
  })
  const { webContents: contents } = window
  hardenContents(contents, door, { open: host.openUrl, log })
  const served = host.lines.serve(pageWindow(contents, door))
  contents.on('did-navigate', served.restart)
  contents.on('render-process-gone', (_event, { reason }) => {
    log.error('a page ended unexpectedly and is loaded anew', { door, reason })
    served.restart()
    if (!contents.isDestroyed()) contents.reload()
  })
  contents.on('did-fail-load', (_event, code, description) => {
    log.error('a page could not be loaded', { door, code, description })
  })
  window.on('closed', served.end)
  return window
}
