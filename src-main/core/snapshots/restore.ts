import { z } from 'zod'
import type { PolicyFile } from '../policy/rule.ts'
import type { Snapshot } from '../policy/snapshot.ts'
import type { Db } from '../store/database.ts'
import { newestSnapshot, snapshotFiles } from '../store/policy-table.ts'
import type { Compiler } from './compiler.ts'

const StoredFiles = z.array(z.strictObject({ path: z.string(), text: z.string(), origin: z.enum(['local', 'org']) }))

/** What the record of the last run gives back. */
export type Restored = {
  snapshot: Snapshot | null
  since: string | null
  /** There was a policy in force, but its record no longer says which. */
  lost: boolean
}

/** The policy that was in force when Toolgate ended, compiled again from its record. */
export function restoreSnapshot(db: Db, compile: Compiler): Restored {
  const row = newestSnapshot(db)
  if (!row) return { snapshot: null, since: null, lost: false }
  const files = parseFiles(row.files)
  const snapshot = files && compile(files).snapshot
  if (snapshot?.hash !== row.hash) return { snapshot: null, since: null, lost: true }
  return { snapshot, since: row.in_force_at, lost: false }
}

/** A policy that was in force at some time, compiled again from its record; null when that cannot be done. */
export function pastSnapshot(db: Db, hash: string, compile: Compiler): Snapshot | null {
  const files = pastFiles(db, hash)
  const snapshot = files && compile(files).snapshot
  return snapshot?.hash === hash ? snapshot : null
}

/** The files of a policy that was in force at some time; null when it is not on record, or its record is not ours. */
export function pastFiles(db: Db, hash: string): PolicyFile[] | null {
  const text = snapshotFiles(db, hash)
  return text === null ? null : parseFiles(text)
}

function parseFiles(json: string): PolicyFile[] | null {
  try {
    return StoredFiles.parse(JSON.parse(json))
  } catch {
    // A record that is not what we wrote counts as lost; the caller then waits for a person.
    return null
  }
}
