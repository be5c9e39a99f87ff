import type { EntryInput, StoredEntry } from '../../../shared/audit.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import type { Clock, Log, Paths, Secrets } from '../ports.ts'
import { auditTable, type EntryQuery, type SaltRow } from '../store/audit-table.ts'
import { type Db, flushCommits, waitForOthers } from '../store/database.ts'
import { type AnswerSigner, answerSigner } from './answer-statement.ts'
import { beginJournal } from './begin-journal.ts'
import { checkpointAfter } from './checkpoint.ts'
import { createFlushes } from './flushes.ts'
import { gapEntry } from './gap.ts'
import { createGroupCommit } from './group-commit.ts'
import { openWalFlush } from './group-sync.ts'
import { isMark } from './head-mark.ts'
import { createKeeper, moveAfter } from './keeper.ts'
import { openOutside } from './outside.ts'
import { interrupted, readCall, readOpenCalls, readTail } from './read-entries.ts'
import { recover } from './recover.ts'
import { orUnwritable, unwritable } from './unwritable.ts'
import type { Position } from './walk.ts'
import { createWriter } from './writer.ts'

/** What the log works with. */
export type AuditDeps = {
  db: Db
  paths: Paths
  secrets: Secrets
  clock: Clock
  log: Log
  /** Whether `append` returns only once its entries would survive power loss; else `durable` says when they would. */
  flushEvery?: boolean
  /** Hears of entries once they are committed, and of a checkpoint without any; must be quick. */
  onAppend?: (stored: readonly StoredEntry[]) => void
}

/** `gap`: the log was found damaged at some start; `writable`: the last append was written. */
export type AuditStats = { entries: number; lastHash: string; gap: boolean; writable: boolean }

/** `soon`: the journal will do. */
type Writing = {
  entries: readonly EntryInput[]
  also?: (() => void) | undefined
  salts?: readonly SaltRow[]
  sign?: boolean
  soon?: boolean
}

/** The append-only log of one profile; one at a time writes it. */
export type AuditLog = AnswerSigner & {
  /**
   * Writes entries in one transaction, committed when it returns: they survive the end of this process, and of the machine
   * once `durable` resolves. `also` runs in the same transaction; a `ToolgateError` that it throws comes through. `salt` is
   * that of the argument commitment in the entries, and kept apart from them.
   * Throws AUDIT_UNWRITABLE, with nothing changed, when the entries cannot be written; a later append may succeed.
   */
  append: (entries: readonly EntryInput[], also?: () => void, salt?: SaltRow) => StoredEntry[]
  /**
   * `append` together with all others of this turn of the event loop; resolves once it is written. Without `also` it is
   * written to the journal, which costs a fraction of a transaction and survives the end of this process just as well.
   */
  appendTogether: (entries: readonly EntryInput[], also?: () => void, salt?: SaltRow) => Promise<void>
  /**
   * Resolves when everything appended so far would survive power loss; all who wait share one flush. Rejects with
   * AUDIT_UNWRITABLE when the disk refuses, and from then on always: what it dropped is only known after a restart.
   */
  durable: () => Promise<void>
  /** Calls that are not closed, oldest first, each with its last entry. */
  openCalls: () => { call_id: string; last: StoredEntry }[]
  /** Moves what the journal still holds to the tables, for those who read them by themselves. */
  settle: () => void
  /** Closes, as interrupted, what an earlier process left open; only right at start, before the first call. Says how many. */
  closeInterrupted: () => number
  stats: () => AuditStats
  /** The place that the log has reached. */
  at: () => Position
  /** The records of one call, oldest first, each with its hash. */
  callRecords: (callId: string) => (StoredEntry & { hash: string })[]
  /** Ids of calls by their newest record, newest first, with the number of that record, which is smaller than `before`. */
  newestCalls: (limit: number, before: number) => { seq: number; call_id: string }[]
  /** Newest first, at most 1,000 at once. `before`: only records with a smaller number, to page on. */
  tail: (query: EntryQuery) => StoredEntry[]
  /** Signs what is unsigned and marks the log as properly closed; it takes nothing more. The database stays open. */
  close: () => void
}

/**
 * Opens the audit log of a profile, as the only writer of its tables. Checks that it still is as it was left; if not, the
 * first new record says so (`audit.gap`). Throws AUDIT_UNWRITABLE when log, key or checkpoints cannot be read or written.
 */
export function createAuditLog(deps: AuditDeps): AuditLog {
  const { db, paths, secrets, clock, log, flushEvery = false, onAppend = () => {} } = deps
  if (flushEvery) flushCommits(db)
  const table = auditTable(db)
  const wal = openWalFlush(db.name)
  const outside = orUnwritable(() => openOutside(paths, secrets, log))
  const journal = db.memory ? null : orUnwritable(() => beginJournal(db, table, wal.flushNow))
  const recovered = orUnwritable(() => recover({ table, ...outside, key: outside.key.noteKey }))
  const writer = createWriter({ key: outside.key, clock }, recovered)
  const keeper = createKeeper({ db, table, journal, clock, flushDatabase: wal.flush, onFailure: failed })
  const flushes = createFlushes({
    ...{ journal, flushDatabase: wal.flush },
    now: () => ({ size: writer.at().size, open: writer.open().size }),
    onSynced: (size) => {
      synced = size
      if (flushEvery) mark()
      else markSoon()
    },
  })
  let synced = isMark(outside.mark) ? Math.min(outside.mark.synced, recovered.at.size) : 0
  let writable = true
  let failure: ToolgateError | null = null
  let closed = false
  let [cancelTimer, cancelMove, cancelMark] = [null, null, null] as ((() => void) | null)[]

  function mark(): void {
    const { size, hash } = writer.at()
    outside.writeMark({ seq: size, hash, synced, closed })
  }

  /** Nobody waits for the mark of a flush, and most are followed by another record with a mark of its own. */
  function markSoon(): void {
    cancelMark ??= clock.after(moveAfter, () => {
      cancelMark = null
      mark()
    })
  }

  function write({ entries, also, salts = [], sign = false, soon = false }: Writing): StoredEntry[] {
    const prepared = writer.prepare({ entries, salts, sign })
    const { group, stored } = prepared
    // What cannot be moved to the database may not pile up in the journal: then calls learn that there is no record.
    if (soon && !also && writable && keeper.jot(group)) {
      flushes.wrote('journal')
      cancelMove ??= clock.after(moveAfter, moveLater)
    } else {
      keeper.commit(group, also)
      flushes.wrote('database')
      moved()
    }
    writer.written(prepared)
    // What the database commits it then flushes at once, and what was in the journal with it. Else the mark waits for the flush.
    if (flushEvery && !keeper.waiting()) synced = writer.at().size
    if (!flushEvery || synced === writer.at().size) mark()
    outside.copy(group.checkpoint ? [group.checkpoint.note] : [])
    if (!writer.unsigned()) stopTimer()
    else cancelTimer ??= clock.after(checkpointAfter, signNow)
    return stored
  }

  function attempt(writing: Writing): StoredEntry[] {
    if (closed) throw new ToolgateError('AUDIT_UNWRITABLE', 'the log is closed')
    if (failure) throw failure
    try {
      const stored = write(writing)
      found(true)
      onAppend(stored)
      return stored
    } catch (error) {
      // A refusal that `also` decided says nothing about the log.
      if (!(error instanceof ToolgateError)) found(false)
      throw unwritable(error)
    }
  }

  /** While another program holds the database, the first caller waits for it and the others do not: they would wait in turn. */
  function found(now: boolean): void {
    if (now !== writable) waitForOthers(db, now)
    writable = now
  }

  function failed(error: Error): void {
    writable = false
    failure ??= unwritable(error)
  }

  const group = createGroupCommit((entries, also, salts) => attempt({ entries, also, salts, soon: true }))

  function stopTimer(): void {
    cancelTimer?.()
    cancelTimer = null
  }

  function moved(): void {
    cancelMove?.()
    cancelMove = null
  }

  /** What cannot be moved to the database now stays in the journal, and the log counts as unwritable. */
  function moveNow(move: () => void): void {
    moved()
    if (closed || failure || !keeper.waiting()) return
    try {
      move()
      found(true)
    } catch (error) {
      found(false)
      log.error('the audit log cannot be written to its database', { error: (error as Error).message })
    }
  }

  function moveLater(): void {
    moveNow(keeper.move)
    if (writable && keeper.waiting()) cancelMove ??= clock.after(moveAfter, moveLater)
  }

  /** For those who read the tables. */
  function whole(): typeof table {
    moveNow(() => keeper.commit(null))
    return table
  }

  /** A log that went quiet is signed, and flushed with what nobody waited for. */
  function signNow(): void {
    stopTimer()
    try {
      onAppend(write({ entries: [], sign: true }))
      durable().catch((error: Error) => log.error('the audit log cannot be flushed', { error: error.message }))
    } catch (error) {
      log.warn('a checkpoint of the audit log cannot be signed now', { error: (error as Error).message })
      cancelTimer = clock.after(checkpointAfter, signNow)
    }
  }

  async function durable(): Promise<void> {
    if (db.memory || synced >= writer.at().size) return
    try {
      await flushes.flush()
    } catch (error) {
      failed(error as Error)
      throw failure
    }
  }

  function closeInterrupted(): number {
    const left = readOpenCalls(whole(), writer.open(), log).flatMap(({ last }) => (last.kind === 'call' ? [last] : []))
    if (left.length > 0) attempt({ entries: left.map(interrupted) })
    return left.length
  }

  function close(): void {
    if (closed) return
    group.commitNow()
    stopTimer()
    let safe = false
    try {
      if (writer.unsigned()) write({ entries: [], sign: true })
      else if (keeper.waiting()) keeper.commit(null)
      if (!db.memory && !failure) {
        wal.flushNow()
        synced = writer.at().size
        safe = true
      }
    } catch (error) {
      log.error('the audit log cannot be signed and flushed at its end', { error: (error as Error).message })
    }
    closed = true
    mark()
    stopTimer()
    moved()
    cancelMark?.()
    flushes.close()
    keeper.close()
    journal?.close(safe)
    wal.close()
    outside.close()
  }

  function begin(): void {
    const { gap } = recovered
    if (gap) {
      orUnwritable(() => write({ entries: [gapEntry(gap)], sign: true }))
      log.error('the audit log is not as it was left; see `toolgate audit verify`', { findings: gap.findings })
    }
    mark()
    outside.copyMissing(table.newestCheckpoints())
    if (writer.unsigned()) cancelTimer ??= clock.after(checkpointAfter, signNow)
  }

  begin()
  return {
    append: (entries, also, salt) => attempt({ entries, also, salts: salt ? [salt] : [] }),
    appendTogether: flushEvery ? (...what) => group.append(...what).then(durable) : group.append,
    durable,
    openCalls: () => readOpenCalls(whole(), writer.open(), log),
    closeInterrupted,
    stats: () => ({ entries: writer.at().size, lastHash: writer.at().hash, gap: table.hasGap(), writable }),
    callRecords: (callId) => readCall(whole(), callId, log),
    settle: () => void whole(),
    newestCalls: (limit, before) => whole().newestCalls(limit, before),
    tail: (query) => readTail(whole(), query, log),
    ...{ ...answerSigner(outside.key), at: writer.at, close },
  }
}
