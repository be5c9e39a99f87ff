import { createGroupSync } from './group-sync.ts'
import type { Journal } from './journal.ts'

/** While no more calls than these are open, hardly anybody else waits when a quick flush holds everything up. */
const fewCalls = 2

type FlushDeps = {
  journal: Journal | null
  flushDatabase: () => Promise<void>
  /** How many records there are, and how many calls are open. */
  now: () => { size: number; open: number }
  /** Hears of each flush, once it is done: so many records would survive power loss. */
  onSynced: (size: number) => void
}

/** Makes records safe against power loss, wherever they were written to. */
export type Flushes = {
  /** Records were written to this file. */
  wrote: (where: 'journal' | 'database') => void
  /** Resolves once everything written so far is safe. Rejects when the disk refuses, and from then on always. */
  flush: () => Promise<void>
  /** Nothing is flushed any more. */
  close: () => void
}

/** Flushes only the files that were written to, and for all who wait in one turn of the event loop at once. */
export function createFlushes({ journal, flushDatabase, now, onSynced }: FlushDeps): Flushes {
  let unflushed = { journal: false, database: false }
  let closed = false

  const flush = createGroupSync(() => {
    if (closed) return undefined
    const { size, open } = now()
    const { journal: inJournal, database } = unflushed
    unflushed = { journal: false, database: false }
    const running = [inJournal && journal?.flush(open <= fewCalls), database && flushDatabase()].filter(Boolean)
    if (running.length > 0) return Promise.all(running).then(() => (closed ? undefined : onSynced(size)))
    return onSynced(size)
  })

  return {
    wrote: (where) => {
      unflushed[where] = true
    },
    flush,
    close: () => {
      closed = true
    },
  }
}
