import { BrowserWindow, type BrowserWindowConstructorOptions, type Session, type WebContents } from 'electron'
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

/** A page that ends again and again is loaded anew after a wait, which doubles up to the longest, in milliseconds. */
const firstWaitMs = 1_000
const longestWaitMs = 60_000

/** Loads a page anew when it ended: at once, unless what made it end seems to be still there. */
function revive(contents: WebContents): void {
  let wait = 0
  let loadedAt = Number.NEGATIVE_INFINITY
  const reload = () => {
    loadedAt = performance.now()
    if (!contents.isDestroyed()) contents.reload()
  }
  contents.on('render-process-gone', () => {
    const lasted = performance.now() - loadedAt
    wait = lasted > longestWaitMs ? 0 : Math.min(Math.max(firstWaitMs, 2 * wait), longestWaitMs)
    if (wait === 0) reload()
    else setTimeout(reload, wait).unref()
  })
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
  })
  revive(contents)
  // It was told to: a window that is closed only hides.
  window.on('show', () => {
    if (served.cutOff()) contents.reload()
  })
  contents.on('did-fail-load', (_event, code, description) => {
    log.error('a page could not be loaded', { door, code, description })
  })
  window.on('closed', served.end)
  return window
}
