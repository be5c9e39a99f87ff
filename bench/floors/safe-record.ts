import { createHash } from 'node:crypto'
import { fdatasyncSync, openSync, writeSync } from 'node:fs'

const length = 4 * 1024 * 1024

/**
 * The least record that can be promised: a line for each event with the hash of what came before, in a file that is made at
 * its full length and only overwritten. `note` writes at once; what was noted in a turn of the event loop is on the disk
 * before the next turn begins, so before any answer to what was forwarded can be seen.
 */
export function openSafeRecord(file: string): (event: string, about: string) => void {
  const fd = openSync(file, 'w', 0o600)
  writeSync(fd, Buffer.alloc(length), 0, length, 0)
  let [hash, offset, flushing] = ['', 0, false]
  return (event, about) => {
    const line = Buffer.from(`${JSON.stringify({ at: Date.now(), event, about, before: hash })}\n`)
    hash = createHash('sha256').update(line).digest('hex')
    if (offset + line.length > length) offset = 0
    offset += writeSync(fd, line, 0, line.length, offset)
    if (event !== 'intent' || flushing) return
    flushing = true
    setImmediate(() => {
      flushing = false
      fdatasyncSync(fd)
    })
  }
}
