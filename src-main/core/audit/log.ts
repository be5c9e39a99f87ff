import type { EntryInput, StoredEntry } from '../../../shared/audit.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import type { Clock, Log, Paths, Secrets } from '../ports.ts'
import { auditTable, type EntryQuery } from '../store/audit-table.ts'
import { type Db, flushCommits, waitForOthers } from '../store/database.ts'
import { checkpointAfter } from './checkpoint.ts'
import { gapEntry } from './gap.ts'
import { createGroupCommit } from './group-commit.ts'
import { createGroupSync, openWalFlush } from './group-sync.ts'
import { isMark } from './head-mark.ts'
import { openOutside } from './outside.ts'
import { interrupted, readCall, readOpenCalls, readTail } from './read-entries.ts'
import { recover } from './recover.ts'
import { orUnwritable, unwritable } from './unwritable.ts'
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
  /** Hears of entries once they are committed; must be quick. */
  onAppend?: (stored: readonly StoredEntry[]) => void
}

/** `gap`: the log was found damaged at some start; `writable`: the last append was written. */
export type AuditStats = { entries: number; lastHash: string; gap: boolean; writable: boolean }

/** The append-only log of one profile; one at a time writes it. */
export type AuditLog = {
  /**
   * Writes entries in one transaction, committed when it returns: they survive the end of this process, and of the machine
   * once `durable` resolves. `also` runs in the same transaction; a `ToolgateError` that it throws comes through.
   * Throws AUDIT_UNWRITABLE, with nothing changed, when the entries cannot be written; a later append may succeed.
   */
  append: (entries: readonly EntryInput[], also?: () => void) => StoredEntry[]
  /** `append` in a transaction with all others of this turn of the event loop; resolves once it is committed. */
  appendTogether: (entries: readonly EntryInput[], also?: () => void) => Promise<void>
  /** Keeps the salt of an argument commitment; call it from `also`, so that it is written together with its entry. */
  keepSalt: (callId: string, salt: Buffer) => void
  /**
   * Resolves when everything appended so far would survive power loss; all who wait share one flush. Rejects with
   * AUDIT_UNWRITABLE when the disk refuses, and from then on always: what it dropped is only known after a restart.
   */
  durable: () => Promise<void>
  /** Calls that are not closed, oldest first, each with its last entry. */
  openCalls: () => { call_id: string; last: StoredEntry }[]
  /** Closes, as interrupted, what an earlier process left open; only right at start, before the first call. Says how many. */
  closeInterrupted: () => number
  stats: () => AuditStats
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
  const outside = orUnwritable(() => openOutside(paths, secrets, log))
  const recovered = orUnwritable(() => recover({ table, ...outside, key: outside.key.noteKey }))
  const writer = createWriter({ db, table, key: outside.key, clock }, recovered)
  const wal = openWalFlush(db.name)
  let synced = isMark(outside.mark) ? Math.min(outside.mark.synced, recovered.at.size) : 0
  let writable = true
  let failure: ToolgateError | null = null
  let closed = false
  let cancelTimer: (() => void) | null = null

  function mark(): void {
    const { size, hash } = writer.at()
    outside.writeMark({ seq: size, hash, synced, closed })
  }

  function write(entries: readonly EntryInput[], also?: () => void, sign = false): StoredEntry[] {
    const { stored, note } = writer.write({ entries, also, sign })
    if (flushEvery) synced = writer.at().size
    mark()
    outside.copy(note ? [note] : [])
    if (!writer.unsigned()) stopTimer()
    else cancelTimer ??= clock.after(checkpointAfter, signNow)
    return stored
  }

  function append(entries: readonly EntryInput[], also?: () => void): StoredEntry[] {
    if (closed) throw new ToolgateError('AUDIT_UNWRITABLE', 'the log is closed')
    if (failure) throw failure
    try {
      const stored = write(entries, also)
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

  const group = createGroupCommit(append)

  function stopTimer(): void {
    cancelTimer?.()
    cancelTimer = null
  }

  /** A log that went quiet is signed, and flushed with what nobody waited for. */
  function signNow(): void {
    stopTimer()
    try {
      write([], undefined, true)
      durable().catch((error: Error) => log.error('the audit log cannot be flushed', { error: error.message }))
    } catch (error) {
      log.warn('a checkpoint of the audit log cannot be signed now', { error: (error as Error).message })
      cancelTimer = clock.after(checkpointAfter, signNow)
    }
  }

  const flush = createGroupSync(async () => {
    const { size } = writer.at()
    await wal.flush()
    synced = size
    if (!closed) mark()
  })

  async function durable(): Promise<void> {
    if (db.memory || synced >= writer.at().size) return
    try {
      await flush()
    } catch (error) {
      writable = false
      failure ??= unwritable(error)
      throw failure
    }
  }

  function closeInterrupted(): number {
    const left = readOpenCalls(table, writer.open(), log).flatMap(({ last }) => (last.kind === 'call' ? [last] : []))
    if (left.length > 0) append(left.map(interrupted))
    return left.length
  }

  function close(): void {
    if (closed) return
    group.commitNow()
    stopTimer()
    try {
      if (writer.unsigned()) write([], undefined, true)
      if (!db.memory && !failure) {
        wal.flushNow()
        synced = writer.at().size
      }
    } catch (error) {
      log.error('the audit log cannot be signed and flushed at its end', { error: (error as Error).message })
    }
    closed = true
    mark()
    stopTimer()
    wal.close()
    outside.close()
  }

  function begin(): void {
    const { gap } = recovered
    if (gap) {
      orUnwritable(() => write([gapEntry(gap)], undefined, true))
      log.error('the audit log is not as it was left; see `toolgate audit verify`', { findings: gap.findings })
    }
    mark()
    outside.copy(notesNotIn(table.newestCheckpoints(), outside.copies))
    if (writer.unsigned()) cancelTimer ??= clock.after(checkpointAfter, signNow)
  }

  begin()
  return {
    append,
    appendTogether: group.append,
    keepSalt: table.insertSalt,
    durable,
    openCalls: () => readOpenCalls(table, writer.open(), log),
    closeInterrupted,
    stats: () => ({ entries: writer.at().size, lastHash: writer.at().hash, gap: table.hasGap(), writable }),
    callRecords: (callId) => readCall(table, callId, log),
    newestCalls: table.newestCalls,
    tail: (query) => readTail(table, query, log),
    close,
  }
}

/** Stored checkpoints newer than the newest that was copied, which a crash can leave; oldest first. */
function notesNotIn(newest: Iterable<{ note: string }>, copies: readonly string[]): string[] {
  const copied = new Set(copies)
  const notes: string[] = []
  for (const { note } of newest) {
    if (copied.has(note)) break
    notes.unshift(note)
  }
  return notes
}
