import type { EntryInput } from '../../../shared/audit.ts'

type Append = (entries: readonly EntryInput[], also?: () => void) => void
type Waiting = { entries: readonly EntryInput[]; also: (() => void) | undefined; settle: PromiseWithResolvers<void> }

/** Appends that share a transaction. `commitNow` does not wait for the end of the turn. */
export type GroupCommit = {
  append: (entries: readonly EntryInput[], also?: () => void) => Promise<void>
  commitNow: () => void
}

/**
 * Shares one transaction among all who append in one turn of the event loop, since a commit costs much more than the records
 * in it: calls that arrive together are recorded together. Each append resolves once its entries are committed. When the
 * transaction fails, each is written by itself, so that only those fail that must; what `also` did before is rolled back.
 */
export function createGroupCommit(write: Append): GroupCommit {
  let waiting: Waiting[] = []

  function commitNow(): void {
    const group = waiting
    waiting = []
    if (group.length > 1 && writeTogether(group)) return
    for (const { entries, also, settle } of group) {
      try {
        write(entries, also)
        settle.resolve()
      } catch (error) {
        settle.reject(error)
      }
    }
  }

  function writeTogether(group: readonly Waiting[]): boolean {
    try {
      write(
        group.flatMap(({ entries }) => entries),
        () => {
          for (const { also } of group) also?.()
        },
      )
    } catch {
      return false
    }
    for (const { settle } of group) settle.resolve()
    return true
  }

  return {
    append(entries, also) {
      // A tick comes after all promises that are settled by now, and before anything is read from a socket.
      if (waiting.length === 0) process.nextTick(commitNow)
      const settle = Promise.withResolvers<void>()
      waiting.push({ entries, also, settle })
      return settle.promise
    },
    commitNow,
  }
}
