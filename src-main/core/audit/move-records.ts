// Moves what a part of the journal holds to the database, in a thread of its own: the gateway's own thread would stand still
// for as long as a transaction of a thousand records, and SQLite's flushes with it, take. Everything that it needs is in the
// journal's file, so nothing is copied between threads. Told a range, it says so once it is moved.
import { parentPort, workerData } from 'node:worker_threads'
import { auditTable } from '../store/audit-table.ts'
import { openDatabase } from '../store/database.ts'
import { journalFile, type Range, readRange } from './journal.ts'

const database = workerData as string
const db = openDatabase(database)
const table = auditTable(db)

/** Whoever comes second, this thread or the gateway's own, finds the records in the database; their part may then hold others. */
const move = db.transaction((range: Range) => {
  if (table.lastSeq() < range.from) for (const group of readRange(journalFile(database), range)) table.insert(group)
})

parentPort?.on('message', (range: Range | null) => {
  if (range === null) {
    db.close()
    parentPort?.close()
    return
  }
  move.immediate(range)
  parentPort?.postMessage(null)
})
