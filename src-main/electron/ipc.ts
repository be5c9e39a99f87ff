import { ipcMain, type WebContents } from 'electron'
import type { PageDoor } from '../../shared/calls.ts'
import { channel } from './channel.ts'
import { doorOf } from './page-address.ts'
import type { PageWindow, Sender } from './page-lines.ts'

/** Hears every message of every page; the only place that listens to them. `receive` decides whether it counts. */
export function hearPages(receive: (sender: Sender, line: unknown) => void): void {
  ipcMain.on(channel, (event, line: unknown) => {
    const frame = event.senderFrame
    // A frame that is gone already, or was never there, is nobody.
    if (!frame || frame.isDestroyed() || event.sender.isDestroyed()) return
    const reply = (text: string) => {
      if (!frame.isDestroyed()) frame.send(channel, text)
    }
    const mainFrame = frame.parent === null && frame.frameTreeNodeId === event.sender.mainFrame.frameTreeNodeId
    receive({ window: event.sender.id, mainFrame, address: frame.url, reply }, line)
  })
}

/** The page of a window, as what lines are sent to: to its main frame alone, and only while that shows the door's own page. */
export function pageWindow(contents: WebContents, door: PageDoor): PageWindow {
  return {
    id: contents.id,
    door,
    send: (line) => {
      if (contents.isDestroyed() || doorOf(contents.mainFrame.url) !== door) return
      contents.mainFrame.send(channel, line)
    },
  }
}
