import { app, screen } from 'electron'
import { bringForward } from './app-window.ts'
import { type Area, approvalHeights, approvalWidth, firstArea, grown } from './approval-size.ts'
import { pageWindow } from './ipc.ts'
import { pageAddress, showsRequests } from './page-address.ts'
import { openPageWindow, type PageHost } from './page-view.ts'

/** The approval window: one, for all requests and for all else that needs a person. */
export type ApprovalWindow = {
  /** A new request waits: it appears above other windows, and leaves the keyboard where it is. */
  summon: () => void
  /** A person asked for it, at a place such as `/servers/files`. */
  open: (at?: string) => void
  /** Nothing waits any more: it goes away once that was to be seen, unless a person had opened it or does something else in it. */
  settle: () => void
  /** The screen was locked: what is shown is not seen until it is unlocked. */
  lock: (locked: boolean) => void
  destroy: () => void
}

/** As long the page tells what became of the last request, in milliseconds. */
const noticeMs = 6_000

/** Makes the approval window, hidden, with its page loaded, so that a request shows at once. */
export function createApprovalWindow(host: PageHost): ApprovalWindow {
  const { workArea } = screen.getPrimaryDisplay()
  const window = openPageWindow(
    'approval',
    {
      ...firstArea(approvalHeights.least, workArea),
      ...{ minWidth: approvalWidth, maxWidth: approvalWidth, title: 'Toolgate: approval' },
      ...{ minHeight: approvalHeights.least, maxHeight: approvalHeights.most },
      ...{ maximizable: false, fullscreenable: false, minimizable: false, skipTaskbar: false },
      // A throttled page would show a stale clock, and arm its buttons late.
      webPreferences: { enablePreferredSizeMode: true, backgroundThrottling: false },
    },
    host,
  )
  const page = pageWindow(window.webContents, 'approval')
  /** The page cannot know: it stays awake while hidden, and knows no other windows. What it shows counts from here on. */
  const tellSight = (sight: boolean) => page.send(JSON.stringify({ sight: sight && !locked }))
  let height: number = approvalHeights.least
  let openedByPerson = false
  let locked = false
  let going: NodeJS.Timeout | undefined

  window.webContents.on('preferred-size-changed', (_event, size) => {
    height = size.height
    const bounds = window.getBounds()
    window.setBounds(grown(bounds, height, screen.getDisplayMatching(bounds).workArea))
  })
  window.on('focus', () => window.flashFrame(false))
  window.on('hide', () => {
    openedByPerson = false
    clearTimeout(going)
    tellSight(false)
  })
  window.on('minimize', () => tellSight(false))
  window.on('show', () => tellSight(true))
  window.on('restore', () => tellSight(true))
  window.webContents.on('did-finish-load', () => tellSight(window.isVisible()))
  // What waits goes on waiting, and the tray says so.
  window.on('close', (event) => {
    event.preventDefault()
    window.hide()
  })
  const load = (at?: string) => {
    void window.loadURL(pageAddress('approval', at)).catch(() => {
      // `did-fail-load` has said so.
    })
  }
  const place = () => {
    const { workArea: here } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint())
    // One that was left on a screen which is gone is as good as hidden.
    if (!window.isVisible() || !isOnScreen(window.getBounds())) window.setBounds(firstArea(height, here))
  }
  load()

  return {
    summon() {
      clearTimeout(going)
      place()
      window.setAlwaysOnTop(true, 'floating')
      window.showInactive()
      // Also when it was on screen already, perhaps behind others: what it shows is seen only now.
      tellSight(true)
      if (window.isFocused()) return
      window.flashFrame(true)
      app.dock?.bounce('informational')
    },
    open(at) {
      place()
      if (at !== undefined) load(at)
      bringForward(window)
      openedByPerson = true
    },
    settle() {
      window.setAlwaysOnTop(false)
      window.flashFrame(false)
      clearTimeout(going)
      going = setTimeout(() => {
        if (window.isDestroyed() || openedByPerson) return
        if (showsRequests(window.webContents.getURL())) window.hide()
      }, noticeMs).unref()
    },
    lock(value) {
      locked = value
      tellSight(window.isVisible())
    },
    destroy: () => {
      if (!window.isDestroyed()) window.destroy()
    },
  }
}

/** Whether some screen shows a part of it. */
function isOnScreen({ x, y, width, height }: Area): boolean {
  return screen
    .getAllDisplays()
    .some(
      ({ workArea: area }) =>
        x < area.x + area.width && x + width > area.x && y < area.y + area.height && y + height > area.y,
    )
}
