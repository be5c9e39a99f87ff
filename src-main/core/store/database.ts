import { chmodSync } from 'node:fs'
import Database from 'better-sqlite3'
import { migrations } from './migrations/index.ts'

/** An open database of a profile. */
export type Db = Database.Database

/**
 * Opens the profile's database, in WAL mode, migrated to this version; `:memory:` for tests.
 * Throws when the file is not a database, is damaged, or was written by a newer version: then the gateway must not start.
 */
export function openDatabase(file: string): Db {
  const db = new Database(file)
  try {
    if (file !== ':memory:') chmodSync(file, 0o600)
    db.pragma('journal_mode = WAL')
    // NORMAL survives a killed process; the audit log makes commits survive power loss itself, where and when it must.
    db.pragma('synchronous = NORMAL')
    waitForOthers(db, true)
    // Records are appended and read by number: more than 2 MiB of pages would be kept, but hardly used.
    db.pragma('cache_size = -2000')
    db.pragma('trusted_schema = OFF')
    migrate(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Whether a write waits, up to two seconds, for another program that has the database; it blocks this whole process. */
export function waitForOthers(db: Db, wait: boolean): void {
  db.pragma(`busy_timeout = ${wait ? 2000 : 0}`)
}

/** Runs `fn` with more patience, for when it is a thread of ours that has the database, and is about to be done. */
export function patiently<T>(db: Db, fn: () => T): T {
  const usual = db.pragma('busy_timeout', { simple: true })
  db.pragma('busy_timeout = 20000')
  try {
    return fn()
  } finally {
    db.pragma(`busy_timeout = ${usual}`)
  }
}

/** Runs `fn` without any patience: it throws at once when another program has the database. */
export function impatiently<T>(db: Db, fn: () => T): T {
  const usual = db.pragma('busy_timeout', { simple: true })
  waitForOthers(db, false)
  try {
    return fn()
  } finally {
    db.pragma(`busy_timeout = ${usual}`)
  }
}

/** From now on a commit returns only once the disk itself has it. */
export function flushCommits(db: Db): void {
  db.pragma('synchronous = FULL')
  // Where a plain flush leaves data in the drive's own memory (macOS), the one that does not; elsewhere it changes nothing.
  db.pragma('fullfsync = ON')
  db.pragma('checkpoint_fullfsync = ON')
}

function migrate(db: Db): void {
  const current = db.pragma('user_version', { simple: true }) as number
  if (current > migrations.length) {
    throw new Error(
      `the database was written by a newer Toolgate (schema ${current}, this one knows ${migrations.length}); install the newer version again`,
    )
  }
  migrations.slice(current).forEach((sql, index) => {
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${current + index + 1}`)
    })()
  })
}
