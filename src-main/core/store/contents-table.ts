import type { Db } from './database.ts'

/** A content as stored; key and body are null once it was shredded, at `shredded_at` (milliseconds since 1970). */
export type ContentRow = {
  hash: string
  belongs_to: string
  created_at: number
  /** Bytes of the sealed body. */
  size: number
  wrapped_key: Buffer | null
  body: Buffer | null
  shredded_at: number | null
}

export type ContentsTable = ReturnType<typeof contentsTable>

/** Reads and writes sealed contents by their hash. */
export function contentsTable(db: Db) {
  const add = db.prepare<[ContentRow]>(
    `INSERT INTO contents (hash, belongs_to, created_at, size, wrapped_key, body, shredded_at)
     VALUES (@hash, @belongs_to, @created_at, @size, @wrapped_key, @body, @shredded_at)`,
  )
  const get = db.prepare<[string], ContentRow>('SELECT * FROM contents WHERE hash = ?')
  const kept = db.prepare<[], number | null>('SELECT sum(size) FROM contents WHERE shredded_at IS NULL').pluck()
  const oldest = db.prepare<[], Pick<ContentRow, 'hash' | 'belongs_to' | 'created_at' | 'size'>>(
    'SELECT hash, belongs_to, created_at, size FROM contents WHERE shredded_at IS NULL ORDER BY created_at LIMIT 500',
  )
  const shred = db.prepare<[number, string]>(
    'UPDATE contents SET wrapped_key = NULL, body = NULL, shredded_at = ? WHERE hash = ? AND shredded_at IS NULL',
  )
  const settled = db.prepare<[string], { seq: number; body: string }>(
    `SELECT seq, body FROM audit_entries WHERE state = 'approval.settled'
     AND CASE WHEN json_valid(body) THEN json_extract(body, '$.detail.approval_id') END = ? ORDER BY seq DESC`,
  )
  const asked = `SELECT call_id FROM audit_entries WHERE state = 'held'
    AND CASE WHEN json_valid(body) THEN json_extract(body, '$.approval_id') END = ?`
  // A content belongs to a request, or to a call itself.
  const dropSalts = db.prepare<[string, string]>(
    `DELETE FROM argument_salts WHERE call_id = ? OR call_id IN (${asked})`,
  )
  const dropPictures = db.prepare<[string, string]>(
    `DELETE FROM replay_pictures
     WHERE seq IN (SELECT seq FROM audit_entries WHERE call_id = ? OR call_id IN (${asked}))`,
  )
  return {
    /** The records that settled a request, newest first; what the journal still holds is not seen. */
    settled: (approvalId: string) => settled.all(approvalId),
    add: (row: ContentRow) => void add.run(row),
    get: (hash: string) => get.get(hash) ?? null,
    /** Bytes of all bodies. */
    bytes: () => kept.get() ?? 0,
    /** At most 500 that are still there, oldest first. */
    oldest: () => oldest.all(),
    /**
     * Overwrites keys and bodies, in the files of the database too; with the salts of the arguments of the calls that asked, and
     * the pictures from which these could be decided again.
     */
    shred(contents: readonly Pick<ContentRow, 'hash' | 'belongs_to'>[], at: number): void {
      db.pragma('secure_delete = ON')
      try {
        db.transaction(() => {
          for (const { hash, belongs_to } of contents) {
            shred.run(at, hash)
            dropSalts.run(belongs_to, belongs_to)
            dropPictures.run(belongs_to, belongs_to)
          }
        })()
      } finally {
        db.pragma('secure_delete = OFF')
      }
      // What the log of the database still held of them goes with it.
      db.pragma('wal_checkpoint(TRUNCATE)')
    },
  }
}
