import type { EntryInput } from '../../../shared/audit.ts'
import type { SaltRow } from '../store/audit-table.ts'

type Write = (entries: readonly EntryInput[], also: (() => void) | undefined, salts: readonly SaltRow[]) => void
type Waiting = {
  entries: readonly EntryInput[]
  also: (() => void) | undefined
  salt: SaltRow | undefined
  settle: PromiseWithResolvers<void>
}

/** Appends that share a write. `commitNow` does not wait for the end of the turn. */
export type GroupCommit = {
  append: (entries: readonly EntryInput[], also?: () => void, salt?: SaltRow) => Promise<void>
  commitNow: () => void
}

/**
 * Shares one write among all who append in one turn of the event loop, since a write costs much more than the records
 * in it: calls that arrive together are recorded together. Each append resolves once its entries are written. When the
 * write fails, each is written by itself, so that only those fail that must; what `also` did before is rolled back.
 */
export function createGroupCommit(write: Write): GroupCommit {
  let waiting: Waiting[] = []

  function commitNow(): void {
    const group = waiting
    waiting = []
    if (group.length > 1 && writeTogether(group)) return
    for (const { entries, also, salt, settle } of group) {
      try {
        write(entries, also, salt ? [salt] : [])
        settle.resolve()
      } catch (error) {
        settle.reject(error)
      }
    }
  }

  function writeTogether(group: readonly Waiting[]): boolean {
    try {
      const effects = group.flatMap(({ also }) => also ?? [])
      write(
        group.flatMap(({ entries }) => entries),
        effects.length === 0 ? undefined : () => effects.forEach((also) => void also()),
        group.flatMap(({ salt }) => salt ?? []),
      )
    } catch {
      return false
    }
    for (const { settle } of group) settle.resolve()
    return true
  }

  return {
    append(entries, also, salt) {
      // A tick comes after all promises that are settled by now, and before anything is read from a socket.
      if (waiting.length === 0) process.nextTick(commitNow)
      const settle = Promise.withResolvers<void>()
      waiting.push({ entries, also, salt, settle })
      return settle.promise
    },
    commitNow,
  }
}
