import type { Db } from './database.ts'

/** One policy that was put into force. `files` is JSON: what it was compiled from, word for word. */
export type SnapshotRow = {
  hash: string
  files: string
  /** Where the change came from. */
  author: string
  /** Who confirmed it, when it loosened something; else null. */
  reviewer: string | null
  reason: string
  /** ISO 8601, UTC. */
  in_force_at: string
}

/** A policy that came into force, without its files; `git_commit` is JSON, null when there was none or it is not known yet. */
export type PastRow = Omit<SnapshotRow, 'files'> & { id: number; files: number; git_commit: string | null }

/** The policy in force: the row that was added last; null before the first. */
export function newestSnapshot(db: Db): SnapshotRow | null {
  const row = db
    .prepare<[], SnapshotRow>(
      'SELECT hash, files, author, reviewer, reason, in_force_at FROM policy_snapshots ORDER BY id DESC LIMIT 1',
    )
    .get()
  return row ?? null
}

/** The files of a policy that was once in force, as JSON; null when there was none of this hash. */
export function snapshotFiles(db: Db, hash: string): string | null {
  const files = db
    .prepare<[string], string>('SELECT files FROM policy_snapshots WHERE hash = ? ORDER BY id DESC LIMIT 1')
    .pluck()
    .get(hash)
  return (files as string | undefined) ?? null
}

/** Puts a policy on record as the one in force, and gives the number of its row; throws when it cannot be written. */
export function appendSnapshot(db: Db, row: SnapshotRow): number {
  const { lastInsertRowid } = db
    .prepare<SnapshotRow>(
      `INSERT INTO policy_snapshots (hash, files, author, reviewer, reason, in_force_at)
       VALUES (@hash, @files, @author, @reviewer, @reason, @in_force_at)`,
    )
    .run(row)
  return Number(lastInsertRowid)
}

/** The policies that came into force, newest first; `files` counts them. */
export function pastSnapshots(db: Db, limit: number): PastRow[] {
  return db
    .prepare<[number], PastRow>(
      `SELECT id, hash, json_array_length(files) AS files, author, reviewer, reason, in_force_at, git_commit
       FROM policy_snapshots ORDER BY id DESC LIMIT ?`,
    )
    .all(limit)
}

/** Notes the commit that the files of a policy were in, as JSON. */
export function noteCommit(db: Db, id: number, commit: string): void {
  db.prepare<[string, number]>('UPDATE policy_snapshots SET git_commit = ? WHERE id = ?').run(commit, id)
}

/** Keeps why a policy is made, until it comes into force; of the same policy the newest. */
export function keepIntent(db: Db, intent: { hash: string; reason: string; at: string }): void {
  db.prepare('INSERT OR REPLACE INTO policy_intents (hash, reason, at) VALUES (@hash, @reason, @at)').run(intent)
  // Those that never came to anything.
  db.prepare(
    'DELETE FROM policy_intents WHERE hash NOT IN (SELECT hash FROM policy_intents ORDER BY at DESC LIMIT 100)',
  ).run()
}

/** Why a policy was made, when somebody said so; null otherwise. */
export function intentOf(db: Db, hash: string): string | null {
  const reason = db.prepare<[string], string>('SELECT reason FROM policy_intents WHERE hash = ?').pluck().get(hash)
  return (reason as string | undefined) ?? null
}

/** A policy came into force, or its change was given up: why it was made is told with it, and no more of its own. */
export function dropIntent(db: Db, hash: string): void {
  db.prepare<[string]>('DELETE FROM policy_intents WHERE hash = ?').run(hash)
}
