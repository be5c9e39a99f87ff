import type { Clock } from '../ports.ts'
import type { AuditTable, EntryGroup } from '../store/audit-table.ts'
import { type Db, patiently } from '../store/database.ts'
import type { Journal, Range } from './journal.ts'
import { type Mover, startMover } from './mover.ts'

/** How long (ms) groups lie in the journal at most before they are moved to the database. */
export const moveAfter = 100

/** So many records are moved within two milliseconds. */
const few = 100
/** A thread with nothing to move ends after this long (ms): it holds some 15 MiB, and is there again within 50 ms. */
const restAfter = 5_000

type KeeperDeps = {
  db: Db
  table: AuditTable
  journal: Journal | null
  clock: Clock
  /** Makes what was committed to the database survive power loss. */
  flushDatabase: () => Promise<void>
  /** Hears why moved groups could not be made safe. */
  onFailure: (error: Error) => void
}

/** Stores groups: for the moment in the journal, for good in the database. */
export type Keeper = {
  /** Writes a group to the journal; false when there is none, or it has no room or cannot be written: then it is for the database. */
  jot: (group: EntryGroup) => boolean
  /** Commits a group to the database, with `also`, and with all that the journal still held; `null` only what it held. */
  commit: (group: EntryGroup | null, also?: () => void) => void
  /** Moves what waits in the journal: here when it is little, else beside the event loop. Throws when it cannot be written. */
  move: () => void
  /** Whether groups wait in the journal. */
  waiting: () => boolean
  close: () => void
}

/**
 * Keeps groups in order: what is in the journal is older than all that is committed after it, and is moved first. While calls
 * come slowly they are moved here; a part that is full is moved by a thread of its own, while the next part takes what comes.
 * Only their numbers are remembered: thousands of records that live for a moment are what a garbage collector is worst at.
 */
export function createKeeper({ db, table, journal, clock, flushDatabase, onFailure }: KeeperDeps): Keeper {
  /** In the part of the journal that is written to. */
  let waiting: Range | null = null
  /** In earlier parts, on their way, oldest first. */
  let moving: Range[] = []
  let mover: Mover | null = null
  let stopResting = () => {}

  const store = db.transaction((group: EntryGroup | null, also?: () => void) => {
    // The thread may have been quicker.
    const last = moving.length > 0 ? table.lastSeq() : 0
    for (const range of moving) if (range.from > last) insert(range)
    if (waiting) insert(waiting)
    if (group) table.insert(group)
    also?.()
  })

  function insert(range: Range): void {
    for (const group of journal?.read(range) ?? []) table.insert(group)
  }

  /** A part that was left may be overwritten only once the database holds the same as safely. */
  function freeWhenSafe(ranges: readonly Range[]): void {
    if (ranges.length === 0) return
    flushDatabase().then(() => {
      for (const { part } of ranges) journal?.free(part)
    }, onFailure)
  }

  /** Leaves this part to the thread; false when the next one is not free. */
  function turnOver(): boolean {
    if (!waiting || !journal?.turn()) return false
    const full = waiting
    moving.push(full)
    waiting = null
    stopResting()
    mover ??= startMover(db.name)
    mover.move(full).then(
      () => {
        if (moving.includes(full)) {
          moving = moving.filter((range) => range !== full)
          freeWhenSafe([full])
        }
        stopResting()
        if (moving.length === 0) stopResting = clock.after(restAfter, endMover)
      },
      // What it could not move is moved with the next commit.
      () => {
        mover = null
      },
    )
    return true
  }

  function endMover(): void {
    stopResting()
    mover?.close()
    mover = null
  }

  function commit(group: EntryGroup | null, also?: () => void): void {
    // Inside another transaction nothing would be committed when this returns, and a rollback would go unnoticed here.
    if (db.inTransaction) throw new Error('a record cannot be written inside another transaction')
    if (moving.length > 0 && mover) patiently(db, () => store.immediate(group, also))
    else store.immediate(group, also)
    const left = waiting && journal?.turn() ? [...moving, waiting] : moving
    moving = []
    waiting = null
    freeWhenSafe(left)
  }

  return {
    jot(group) {
      try {
        if (!journal?.write(group) && !(turnOver() && journal?.write(group))) return false
      } catch {
        return false
      }
      const [from, through] = [group.rows[0]?.seq ?? 0, group.rows.at(-1)?.seq ?? 0]
      waiting = { from: waiting?.from ?? from, through, ...journal.at() }
      return true
    },
    commit,
    move() {
      const count = waiting ? waiting.through - waiting.from : 0
      if (mover && moving.length > 0) turnOver()
      else if (count <= few || moving.length > 0) commit(null)
      else turnOver()
    },
    waiting: () => waiting !== null || moving.length > 0,
    close: endMover,
  }
}
