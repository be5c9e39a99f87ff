import { hash } from 'node:crypto'
import { fdatasyncSync, openSync, writeSync } from 'node:fs'

const length = 4 * 1024 * 1024

/** Writes an event to a record; `release` runs once all that was noted before is on the disk. */
export type Note = (event: 'intent' | 'outcome', about: string, release?: () => void) => void

/**
 * The least record that can be promised: a line for each event with the hash of what came before, in a file that is made at
 * its full length and only overwritten. Intents are flushed once for all that were noted in a turn of the event loop, while
 * servers work.
 */
export function openSafeRecord(file: string): Note {
  const fd = openSync(file, 'w', 0o600)
  writeSync(fd, Buffer.alloc(length), 0, length, 0)
  let [before, offset] = ['', 0]
  /** What waits for the flush that comes; null when there is nothing to flush. */
  let waiting: (() => void)[] | null = null

  function flush(): void {
    fdatasyncSync(fd)
    const released = waiting ?? []
    waiting = null
    for (const release of released) release()
  }

  return (event, about, release) => {
    const line = Buffer.from(`${JSON.stringify({ at: Date.now(), event, about, before })}\n`)
    before = hash('sha256', line, 'hex')
    if (offset + line.length > length) offset = 0
    offset += writeSync(fd, line, 0, line.length, offset)
    if (event === 'intent' && waiting === null) {
      waiting = []
      setImmediate(flush)
    }
    if (release && waiting) waiting.push(release)
    else release?.()
  }
}
