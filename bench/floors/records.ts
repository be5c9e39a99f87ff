import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'

/** One record of the governed floor. */
export type FloorRecord = {
  at: number
  kind: 'intent' | 'call' | 'deny'
  tool: string
  verdict: 'allow' | 'deny' | 'flag'
  args: string
  argsHash: string
  resultHash: string | null
  bytes: number
  found: number
  us: number
}

/** JSON with its keys in order, so that the same value always has the same hash. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

/** SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const schema = `
  CREATE TABLE records (
    seq INTEGER PRIMARY KEY, at INTEGER, kind TEXT, tool TEXT, verdict TEXT, args TEXT, args_hash TEXT,
    result_hash TEXT, bytes INTEGER, found INTEGER, us INTEGER, prev TEXT, hash TEXT
  );
  CREATE INDEX records_at ON records (at);
  CREATE INDEX records_tool ON records (tool, at);`

/**
 * Opens a chain of records in a new SQLite database, each commit flushed to the disk. What is recorded in one turn of the
 * event loop shares a transaction; `then` runs once it is on the disk.
 */
export function openRecords(file: string): (record: FloorRecord, then: () => void) => void {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(schema)
  const columns = 'at,kind,tool,verdict,args,args_hash,result_hash,bytes,found,us,prev,hash'
  const insert = db.prepare(`INSERT INTO records (${columns}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`)
  let last = '0'.repeat(64)
  let waiting: { record: FloorRecord; then: () => void }[] = []
  const write = db.transaction((records: readonly FloorRecord[]) => {
    for (const record of records) {
      const hash = sha256(last + canonical(record))
      insert.run(...Object.values(record), last, hash)
      last = hash
    }
  })
  function commit(): void {
    const group = waiting
    waiting = []
    write(group.map(({ record }) => record))
    for (const { then } of group) then()
  }
  return (record, then) => {
    if (waiting.length === 0) setImmediate(commit)
    waiting.push({ record, then })
  }
}
