import type { Db } from './database.ts'

/** What a policy file says as data; see `policyReadings`. */
export type ReadingRow = { hash: string; reader: string; content: string; seal: Buffer }

/** Reads and writes what is kept of policy files. */
export function readingsTable(db: Db) {
  const get = db.prepare<[string], ReadingRow>('SELECT * FROM policy_readings WHERE hash = ?')
  const put = db.prepare<ReadingRow>(
    'INSERT OR REPLACE INTO policy_readings (hash, reader, content, seal) VALUES (@hash, @reader, @content, @seal)',
  )
  const drop = db.prepare<[string]>('DELETE FROM policy_readings WHERE hash NOT IN (SELECT value FROM json_each(?))')
  return {
    get: (hash: string): ReadingRow | null => get.get(hash) ?? null,

    /** Adds these, and forgets all whose hash is not among those. */
    keepOnly(hashes: readonly string[], rows: readonly ReadingRow[]): void {
      db.transaction(() => {
        for (const row of rows) put.run(row)
        drop.run(JSON.stringify(hashes))
      })()
    },
  }
}
