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

/** Puts a policy on record as the one in force; throws when it cannot be written. */
export function appendSnapshot(db: Db, row: SnapshotRow): void {
  db.prepare<SnapshotRow>(
    `INSERT INTO policy_snapshots (hash, files, author, reviewer, reason, in_force_at)
     VALUES (@hash, @files, @author, @reviewer, @reason, @in_force_at)`,
  ).run(row)
}
