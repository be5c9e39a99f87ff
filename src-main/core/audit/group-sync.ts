import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs'

/**
 * Shares one slow flush among all who wait for it: a flush begins when this turn of the event loop is over, so that what the
 * turn wrote to servers is on its way and everybody in it shares the flush; a call during a flush waits for the next one,
 * since the running one may have begun before what the caller wrote. A flush that failed is never tried again: the system may
 * have dropped the pages that it could not write and report success the next time, so nothing after it can be believed until
 * a restart.
 */
export function createGroupSync(flush: () => Promise<void> | void): () => Promise<void> {
  let running: Promise<void> | null = null
  let begun = false
  let next: Promise<void> | null = null
  function start(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    running = promise
    begun = false
    setImmediate(async () => {
      begun = true
      try {
        await flush()
        running = null
        resolve()
      } catch (error) {
        // A failed flush stays `running` for good, and with it its error.
        reject(error)
      }
    })
    return promise
  }
  return () => {
    if (next) return next
    if (!running) return start()
    if (!begun) return running
    next = running.then(() => {
      next = null
      return start()
    })
    return next
  }
}

/**
 * Flushes a database's write-ahead log to the disk itself, without blocking the event loop.
 *
 * Why this makes a commit survive power loss: with `synchronous = NORMAL` a commit has written its frames to the `-wal`
 * file when it returns, but not flushed them. The frames carry checksums, so after a power cut recovery takes all that
 * reached the disk whole and in order. What leaves the `-wal` file was flushed before: SQLite flushes it before it copies
 * frames into the database, flushes the database before it starts the file over, and flushes the new header before new
 * frames follow it. Hence everything committed before this flush begins is on the disk when it ends.
 *
 * Why closing our own descriptor does no harm: POSIX drops a process's locks on a file when *any* of its descriptors for
 * that file is closed, but SQLite locks the database and the `-shm` file, never the `-wal` file.
 */
export function openWalFlush(database: string): WalFlush {
  let fd: number | null = null
  let flushing = 0
  let closing = false
  // Opened late, since SQLite makes the file with the first write; to write, because Windows flushes no other handle.
  const open = () => {
    fd ??= openSync(`${database}-wal`, 'r+')
    return fd
  }
  const closeWhenIdle = () => {
    // Closing under a running flush could let it flush another file that was given the same number.
    if (!closing || flushing > 0 || fd === null) return
    closeSync(fd)
    fd = null
  }
  return {
    flush: async () => {
      const wal = open()
      flushing++
      try {
        await new Promise<void>((resolve, reject) => fdatasync(wal, (error) => (error ? reject(error) : resolve())))
      } finally {
        flushing--
        closeWhenIdle()
      }
    },
    flushNow: () => fdatasyncSync(open()),
    close: () => {
      closing = true
      closeWhenIdle()
    },
  }
}

/** `flushNow` blocks: for the end of the process. */
type WalFlush = { flush: () => Promise<void>; flushNow: () => void; close: () => void }
