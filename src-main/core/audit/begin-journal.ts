import type { AuditTable } from '../store/audit-table.ts'
import type { Db } from '../store/database.ts'
import { type Journal, journalFile, openJournal, readJournal } from './journal.ts'

/**
 * Takes what an earlier process left in the journal of a database over into its tables, then begins the journal anew.
 * `flushDatabase` makes what was taken over as safe as it was. Throws when either file cannot be read or written.
 */
export function beginJournal(db: Db, table: AuditTable, flushDatabase: () => void): Journal {
  const file = journalFile(db.name)
  const last = table.lastSeq()
  const found = readJournal(file)
  const left = found.filter(({ rows }) => (rows[0]?.seq ?? 0) > last)
  db.transaction(() => {
    for (const group of left) table.insert(group)
  }).immediate()
  // What had been moved may be safe only here: whoever moved it may have been killed before the database was flushed.
  if (found.length > 0) flushDatabase()
  return openJournal(file)
}
