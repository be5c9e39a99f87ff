import type { Db } from './database.ts'

/** A stream of records as it is kept; `start` is JSON text, `told` 0 or 1. */
export type StreamRow = {
  name: string
  url: string
  reach: string
  header: string | null
  secret: string | null
  added_at: string
  start: string
  sent: number
  checkpoint: number
  last_success: string | null
  failing_since: string | null
  told: number
}

export type StreamsTable = ReturnType<typeof streamsTable>

/** Reads and writes to where records are sent, and how far that is. */
export function streamsTable(db: Db) {
  const all = db.prepare<[], StreamRow>('SELECT * FROM audit_streams ORDER BY added_at, name')
  const add = db.prepare<[StreamRow]>(
    `INSERT INTO audit_streams VALUES (@name, @url, @reach, @header, @secret, @added_at, @start, @sent, @checkpoint,
     @last_success, @failing_since, @told)`,
  )
  const aim = db.prepare<[Pick<StreamRow, 'name' | 'url' | 'reach' | 'header' | 'secret'>]>(
    'UPDATE audit_streams SET url = @url, reach = @reach, header = @header, secret = @secret WHERE name = @name',
  )
  const note = db.prepare<[StreamRow]>(
    `UPDATE audit_streams SET sent = @sent, checkpoint = @checkpoint, last_success = @last_success,
     failing_since = @failing_since, told = @told WHERE name = @name`,
  )
  const remove = db.prepare<[string]>('DELETE FROM audit_streams WHERE name = ?')
  return {
    all: () => all.all(),
    add: (row: StreamRow) => void add.run(row),
    /** Changes where it goes, and with what header. */
    aim: (row: Pick<StreamRow, 'name' | 'url' | 'reach' | 'header' | 'secret'>) => void aim.run(row),
    /** Changes how far it is, and how it does. */
    note: (row: StreamRow) => void note.run(row),
    remove: (name: string) => void remove.run(name),
  }
}
