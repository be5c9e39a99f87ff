import type { AuditTable, EntryGroup } from '../store/audit-table.ts'
import type { Db } from '../store/database.ts'
import type { Journal } from './journal.ts'

/** How long (ms) groups lie in the journal at most before they are moved to the database. */
export const moveAfter = 100

type KeeperDeps = {
  db: Db
  table: AuditTable
  journal: Journal | null
  /** Makes what was committed to the database survive power loss. */
  flushDatabase: () => Promise<void>
  /** Hears why moved groups could not be made safe. */
  onFailure: (error: Error) => void
}

/** Stores groups: for the moment in the journal, for good in the database. */
export type Keeper = {
  /** Writes a group to the journal; false when it has no room or there is none. Throws when it cannot be written. */
  jot: (group: EntryGroup) => boolean
  /** Commits a group to the database, with `also`, and with all that the journal still held; `null` only what it held. */
  commit: (group: EntryGroup | null, also?: () => void) => void
  /** Whether groups wait in the journal. */
  waiting: () => boolean
}

/** Keeps groups in order: what is in the journal is older than all that is committed after it, and is moved first. */
export function createKeeper({ db, table, journal, flushDatabase, onFailure }: KeeperDeps): Keeper {
  let waiting: EntryGroup[] = []

  const move = db.transaction((group: EntryGroup | null, also?: () => void) => {
    for (const earlier of waiting) table.insert(earlier)
    if (group) table.insert(group)
    also?.()
  })

  /** The half that was left may be overwritten only once the database holds the same as safely. */
  function freeHalf(): void {
    const half = journal?.turn() ?? null
    if (half === null) return
    flushDatabase().then(() => journal?.free(half), onFailure)
  }

  function commit(group: EntryGroup | null, also?: () => void): void {
    // Inside another transaction nothing would be committed when this returns, and a rollback would go unnoticed here.
    if (db.inTransaction) throw new Error('a record cannot be written inside another transaction')
    move.immediate(group, also)
    if (waiting.length === 0) return
    waiting = []
    freeHalf()
  }

  return {
    jot(group) {
      if (!journal?.write(group)) return false
      waiting.push(group)
      return true
    },
    commit,
    waiting: () => waiting.length > 0,
  }
}
