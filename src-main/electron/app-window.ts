import { type BrowserWindow, screen } from 'electron'
import { pageAddress } from './page-address.ts'
import { openPageWindow, type PageHost } from './page-view.ts'
import { appSize, openingPlace, readPlace, writePlace } from './window-place.ts'

/** The app's window. Closing it hides it: the gateway goes on, and the tray or a second start brings it back. */
export type AppWindow = { show: () => void; destroy: () => void }

/** Makes the app's window, hidden, where it was last time. `placeFile` remembers that. */
export function createAppWindow(host: PageHost, placeFile: string): AppWindow {
  const remembered = readPlace(placeFile)
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea)
  const { minWidth, minHeight } = appSize
  const window = openPageWindow(
    'app',
    { ...openingPlace(remembered, screens), minWidth, minHeight, title: 'Toolgate' },
    host,
  )
  if (remembered?.maximized) window.maximize()
  // `maximize` shows it, and it is shown once the page is there.
  window.hide()
  window.on('close', (event) => {
    event.preventDefault()
    remember(window, placeFile)
    window.hide()
  })
  void window.loadURL(pageAddress('app')).catch(() => {
    // `did-fail-load` has said so.
  })
  return {
    show: () => bringForward(window),
    destroy() {
      if (window.isDestroyed()) return
      remember(window, placeFile)
      window.destroy()
    },
  }
}

/** Shows a window in front of others and gives it the keyboard: only when a person asked for it. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

function remember(window: BrowserWindow, file: string): void {
  writePlace(file, { ...window.getNormalBounds(), maximized: window.isMaximized() })
}
