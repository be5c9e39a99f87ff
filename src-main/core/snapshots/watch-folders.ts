import { type FSWatcher, watch } from 'node:fs'
import type { Clock } from '../ports.ts'
import { folderMark } from './read-folder.ts'

const settleMs = 100
const pollMs = 2000

/**
 * Calls `changed` when what lies in one of the folders has changed and then stood still: a file that is being written is
 * seen twice alike before anybody reads it as policy. Notifications of the platform make it quick; a look every two seconds
 * makes it sure, also for folders that appear later. Returns what ends the watch.
 */
export function watchFolders(folders: readonly string[], clock: Clock, changed: () => void): () => void {
  const watchers = new Map<string, FSWatcher>()
  const mark = () => folders.map(folderMark).join('\n')
  let known = mark()
  let settling: (() => void) | null = null
  let closed = false

  function settle(seen: string): void {
    settling ??= clock.after(settleMs, () => {
      settling = null
      if (closed) return
      const now = mark()
      if (now !== seen) settle(now)
      else if (now !== known) {
        known = now
        changed()
      }
    })
  }
  function listen(folder: string): void {
    if (watchers.has(folder)) return
    try {
      const watcher = watch(folder, { persistent: false }, () => closed || settle(mark()))
      const drop = () => {
        watcher.close()
        watchers.delete(folder)
      }
      watchers.set(folder, watcher.on('error', drop))
    } catch {
      // The folder may not exist yet, or the platform may be out of watches: the regular look finds changes all the same.
    }
  }
  function look(): void {
    for (const folder of folders) listen(folder)
    const now = mark()
    if (now !== known) settle(now)
    stopLooking = clock.after(pollMs, look)
  }
  let stopLooking = clock.after(pollMs, look)
  for (const folder of folders) listen(folder)

  return () => {
    closed = true
    stopLooking()
    settling?.()
    for (const watcher of watchers.values()) watcher.close()
  }
}
