import Database from 'better-sqlite3'
import type { Db } from './database.ts'

/** A record as it lies in the table. The bytes are given as they are, since the file may have been tampered with. */
export type EntryRow = {
  seq: number
  body: Buffer | null
  hash: Buffer | null
  call_id: string | null
  state: string | null
  server: string | null
}

/** A record to be stored: `body` is the canonical JSON whose SHA-256 is `hash`. */
export type NewEntryRow = { seq: number; body: string; hash: string } & Pick<EntryRow, 'call_id' | 'state' | 'server'>

/** Which records a person wants to see: newest first, `before` a record number. */
export type EntryQuery = { limit: number; before?: number; callId?: string; server?: string }

/** `peaks` and `open_calls` (JSON) let the next start go on from here; they are derived, never the truth. */
export type CheckpointRow = { size: number; note: string; peaks: string; open_calls: string }

/**
 * A salt of an argument commitment, kept apart from the records so that it can be destroyed; with it `picture`, from which the
 * call can be decided again, kept beside the first record of the call in the same group.
 */
export type SaltRow = { call_id: string; salt: Buffer; picture?: string }

/** Pictures are kept for so many of the newest records; older ones go, so that the database does not grow by them. */
const picturedRecords = 1_000_000
/** Old pictures go each time that so many records were added. */
const tidyEvery = 4096

/** Records that are stored together or not at all, oldest first, with the salts and the checkpoint that belong to them. */
export type EntryGroup = {
  rows: readonly NewEntryRow[]
  salts: readonly SaltRow[]
  checkpoint: CheckpointRow | null
}

export type AuditTable = ReturnType<typeof auditTable>

/** Adds to and reads the tables of the audit log. Transactions are the caller's. */
export function auditTable(db: Db, ahead: readonly EntryGroup[] = []) {
  // On macOS a plain fsync leaves data in the drive's cache; what a checkpoint moves out of the WAL must be as safe as before.
  db.pragma('checkpoint_fullfsync = ON')
  const insert = db.prepare<[number, string, Buffer, string | null, string | null, string | null]>(
    'INSERT INTO audit_entries (seq, body, hash, call_id, state, server) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const insertCheckpoint = db.prepare<[CheckpointRow]>(
    'INSERT INTO audit_checkpoints (size, note, peaks, open_calls) VALUES (@size, @note, @peaks, @open_calls)',
  )
  const insertSalt = db.prepare<[string, Buffer]>('INSERT INTO argument_salts (call_id, salt) VALUES (?, ?)')
  const insertPicture = db.prepare<[number, string]>('INSERT OR REPLACE INTO replay_pictures (seq, body) VALUES (?, ?)')
  const dropPictures = db.prepare<[number]>('DELETE FROM replay_pictures WHERE seq < ?')
  const hasGap = db.prepare("SELECT 1 FROM audit_entries WHERE state = 'audit.gap' LIMIT 1").pluck()
  const lastOfOpenCalls = db.prepare<[], { call_id: string; seq: number }>(
    `SELECT call_id, max(seq) AS seq FROM audit_entries WHERE call_id IS NOT NULL
     GROUP BY call_id HAVING sum(state = 'closed') = 0 ORDER BY seq`,
  )
  const newestCalls = db.prepare<[number, number], { seq: number; call_id: string }>(
    `SELECT seq, call_id FROM audit_entries AS entry WHERE call_id IS NOT NULL AND seq < ? AND NOT EXISTS
     (SELECT 1 FROM audit_entries AS later WHERE later.call_id = entry.call_id AND later.seq > entry.seq)
     ORDER BY seq DESC LIMIT ?`,
  )
  return {
    ...auditReader(db, ahead),
    newestCalls: (limit: number, before: number) => newestCalls.all(before, limit),
    insert({ rows, salts, checkpoint }: EntryGroup): void {
      for (const { seq, body, hash, call_id, state, server } of rows) {
        insert.run(seq, body, Buffer.from(hash, 'hex'), call_id, state, server)
      }
      for (const { call_id, salt, picture } of salts) {
        insertSalt.run(call_id, salt)
        const seq = picture === undefined ? undefined : rows.find((row) => row.call_id === call_id)?.seq
        if (seq !== undefined && picture !== undefined) insertPicture.run(seq, picture)
      }
      const [from, through] = [rows[0]?.seq ?? 0, rows.at(-1)?.seq ?? 0]
      if (Math.floor(from / tidyEvery) !== Math.floor((through + 1) / tidyEvery))
        dropPictures.run(through - picturedRecords)
      if (checkpoint) insertCheckpoint.run(checkpoint)
    },
    hasGap: (): boolean => hasGap.get() !== undefined,
    /** Looks through all records: only for when no checkpoint says which calls were open. */
    lastOfOpenCalls: () => lastOfOpenCalls.all(),
    find: (query: EntryQuery): { seq: number; body: string }[] => find(db, query, ahead),
  }
}

export type AuditReader = ReturnType<typeof auditReader>

/**
 * Reads the tables of the audit log and nothing else, for verification and export; columns come as they are. `ahead` are
 * groups that may not be in the tables yet: what of them is missing there counts as if it were the tables' end.
 */
export function auditReader(db: Db, ahead: readonly EntryGroup[] = []) {
  // As a blob, so that bytes which are no valid text still count in the hash.
  const columns = 'seq, CAST(body AS BLOB) AS body, CAST(hash AS BLOB) AS hash, call_id, state, server'
  const after = db.prepare<[number], EntryRow>(`SELECT ${columns} FROM audit_entries WHERE seq > ? ORDER BY seq`)
  const every = db.prepare<[], EntryRow>(`SELECT ${columns} FROM audit_entries ORDER BY seq`)
  const entry = db.prepare<[number], EntryRow>(`SELECT ${columns} FROM audit_entries WHERE seq = ?`)
  const lastSeq = db.prepare<[], number>('SELECT max(seq) FROM audit_entries').pluck()
  const checkpoints = db.prepare<[], CheckpointRow>('SELECT * FROM audit_checkpoints ORDER BY size')
  const newest = db.prepare<[], CheckpointRow>('SELECT * FROM audit_checkpoints ORDER BY size DESC')
  const within = db.prepare<[number, number], Pick<CheckpointRow, 'size' | 'note'>>(
    'SELECT size, note FROM audit_checkpoints WHERE size > ? AND size <= ? ORDER BY size',
  )
  const rowsAhead = ahead.flatMap(({ rows }) => rows)
  const checkpointsAhead = ahead.flatMap(({ checkpoint }) => checkpoint ?? [])

  function* thenAhead(stored: Iterable<EntryRow>, from: number): Iterable<EntryRow> {
    let last = from
    for (const row of stored) {
      yield row
      last = Math.max(last, row.seq)
    }
    for (const row of rowsAhead) {
      if (row.seq > last) yield { ...row, body: Buffer.from(row.body), hash: Buffer.from(row.hash, 'hex') }
    }
  }

  function allCheckpoints(): CheckpointRow[] {
    const stored = checkpoints.all()
    const last = stored.at(-1)?.size ?? 0
    return [...stored, ...checkpointsAhead.filter(({ size }) => size > last)]
  }

  return {
    /** Shows one state of the database until `release`, whatever is written meanwhile; for a connection that only reads. */
    hold: (): void => void db.exec('BEGIN'),
    release: (): void => void db.exec('COMMIT'),
    /** Every record, by number; numbers below 1, which only tampering makes, too. */
    every: (): Iterable<EntryRow> => thenAhead(every.iterate(), 0),
    after: (seq: number): Iterable<EntryRow> => thenAhead(after.iterate(seq), Math.max(seq, lastSeq.get() ?? 0)),
    entry: (seq: number): EntryRow | undefined => entry.get(seq),
    /** 0 when there are none. */
    lastSeq: (): number => (lastSeq.get() as number | null) ?? 0,
    checkpoints: allCheckpoints,
    newestCheckpoints: (): Iterable<CheckpointRow> => newest.iterate(),
    /** Checkpoints of more than `after` and at most `through` records, smallest first. */
    checkpointsWithin: (after: number, through: number) => within.all(after, through),
  }
}

/**
 * Opens a database only to read it, whether a gateway has it open or not. Throws when it cannot be read, is damaged, or
 * has no audit log.
 */
export function openToRead(file: string): Db {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    // The file may come from anywhere: nothing in its schema may have side effects.
    db.pragma('trusted_schema = OFF')
    const tables =
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('audit_entries', 'audit_checkpoints')"
    if (db.prepare(tables).pluck().get() !== 2) throw new Error('this database holds no audit log')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function find(db: Db, query: EntryQuery, ahead: readonly EntryGroup[]): { seq: number; body: string }[] {
  if (ahead.length === 0) return findStored(db, query)
  // One state of the database for both, whatever leaves the journal meanwhile.
  return db.transaction(() => {
    const last = db.prepare<[], number | null>('SELECT max(seq) FROM audit_entries').pluck().get() ?? 0
    const newer = ahead.flatMap(({ rows }) => rows.filter((row) => row.seq > last && fits(row, query)))
    return [...newer.toReversed(), ...findStored(db, query)].slice(0, query.limit)
  })()
}

function fits(row: NewEntryRow, { before = Number.POSITIVE_INFINITY, callId, server }: EntryQuery): boolean {
  const named = callId === undefined || row.call_id === callId
  return row.seq < before && named && (server === undefined || row.server === server)
}

function findStored(db: Db, { limit, before, callId, server }: EntryQuery): { seq: number; body: string }[] {
  const where = [
    'seq < @before',
    callId !== undefined && 'call_id = @callId',
    server !== undefined && 'server = @server',
  ]
  return db
    .prepare<[object], { seq: number; body: string }>(
      `SELECT seq, body FROM audit_entries WHERE ${where.filter(Boolean).join(' AND ')} ORDER BY seq DESC LIMIT @limit`,
    )
    .all({ limit, before: before ?? Number.MAX_SAFE_INTEGER, callId, server })
}
