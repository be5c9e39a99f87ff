import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sha256 } from '../../../src-main/core/audit/chain.ts'
import { proofFiles } from '../../../src-main/core/audit/outside.ts'
import type { Db } from '../../../src-main/core/store/database.ts'
import { call, newFolder, openProfile, pathsIn } from './profile.ts'

/** The log that the attacks are made on: 57 records, checkpoints at 20 and 40, and at 57 when it was closed properly. */
export const length = 57
export const checkpointSizes = [20, 40]

export type Row = {
  seq: number
  body: string
  hash: Buffer
  call_id: string | null
  state: string
  server: string | null
}

/** Builds that log; `olderAt`: copies of the whole database as it was at these sizes. */
export function buildLog(closed: boolean, olderAt: number[] = []) {
  const profile = openProfile()
  const folder = profile.paths.profile
  for (let i = 1; i <= length; i++) {
    profile.audit.append([call(i, { risk_score: i, reason: `reason of record ${i}` })])
    if (checkpointSizes.includes(i)) profile.clock.advance(60_000)
    if (!olderAt.includes(i)) continue
    profile.db.pragma('wal_checkpoint(TRUNCATE)')
    cpSync(profile.paths.database, join(folder, `older-${i}.db`))
  }
  if (closed) profile.close()
  else profile.abandon()
  return { folder, secrets: profile.secrets }
}

/** A copy of a profile's folder, and the files in it. */
export function copyOf(folder: string) {
  const copy = newFolder()
  cpSync(folder, copy, { recursive: true })
  const paths = pathsIn(copy)
  return { paths, ...proofFiles(paths), older: (size: number) => join(copy, `older-${size}.db`) }
}

export type Copy = ReturnType<typeof copyOf>

/** Opens the database as an attacker does who can write the file: what stands in the way is dropped first. */
export function attack(database: string, act: (db: Db) => void): void {
  const db = new Database(database)
  const triggers = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all()
  for (const name of triggers) db.exec(`DROP TRIGGER ${name}`)
  db.transaction(act)(db)
  db.close()
}

export function rows(db: Db): Row[] {
  return db.prepare('SELECT * FROM audit_entries ORDER BY seq').all() as Row[]
}

/** Replaces all records by these. */
export function replaceRows(db: Db, next: readonly Row[]): void {
  db.exec('DELETE FROM audit_entries')
  const insert = db.prepare('INSERT INTO audit_entries VALUES (@seq, @body, @hash, @call_id, @state, @server)')
  for (const row of next) insert.run(row)
}

/** The row with another body and the hash that fits it. */
function rehashed(row: Row, body: string): Row {
  return { ...row, body, hash: Buffer.from(sha256(body), 'hex') }
}

/** The row with changed fields in its body, and the hash that fits it. */
export function changed(row: Row, fields: Record<string, unknown>): Row {
  // The order of the names is kept, so the body stays canonical.
  return rehashed(row, JSON.stringify({ ...JSON.parse(row.body), ...fields }))
}

/** Numbers and links made right again from record `from` on, as one does who rewrites history. */
export function rechained(all: readonly Row[], from: number): Row[] {
  const next: Row[] = []
  for (const [i, row] of all.entries()) {
    const prev = next[i - 1]?.hash.toString('hex') ?? '0'.repeat(64)
    next.push(i + 1 < from ? row : { ...changed(row, { seq: i + 1, prev_hash: prev }), seq: i + 1 })
  }
  return next
}

export function editFile(file: string, edit: (text: string) => string): void {
  const text = readFileSync(file, 'utf8')
  const next = edit(text)
  if (next === text) throw new Error(`nothing to change in ${file}`)
  writeFileSync(file, next)
}
