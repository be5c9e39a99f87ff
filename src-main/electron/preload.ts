import { contextBridge, ipcRenderer } from 'electron'
import { channel } from './channel.ts'

/** All that a page gets: lines to the gateway and lines from it. What it may ask is decided on the other side. */
contextBridge.exposeInMainWorld('bridge', {
  send: (line: string): void => ipcRenderer.send(channel, line),
  onLine: (listener: (line: string) => void): void => {
    // Not the listener itself: the event that comes first would hand the page a way to send on any channel.
    ipcRenderer.on(channel, (_event, line: string) => listener(line))
  },
})
