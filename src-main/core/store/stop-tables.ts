import type { Db } from './database.ts'

export type HaltsTable = ReturnType<typeof haltsTable>

/** Reads and writes what is halted, as JSON text; `name` is empty for everything. */
export function haltsTable(db: Db) {
  const all = db.prepare<[], { scope: string; name: string; body: string }>('SELECT scope, name, body FROM halts')
  const put = db.prepare(
    'INSERT INTO halts (scope, name, body) VALUES (?, ?, ?) ON CONFLICT (scope, name) DO UPDATE SET body = excluded.body',
  )
  const remove = db.prepare('DELETE FROM halts WHERE scope = ? AND name = ?')
  return {
    all: () => all.all(),
    put: (scope: string, name: string, body: string) => void put.run(scope, name, body),
    remove: (scope: string, name: string) => void remove.run(scope, name),
  }
}

export type IncidentsTable = ReturnType<typeof incidentsTable>

/** Reads and writes incidents and what was noted of them, as JSON text; notes are only added. */
export function incidentsTable(db: Db) {
  const list = db
    .prepare<[number], string>('SELECT body FROM incidents ORDER BY closed, opened_at DESC, id DESC LIMIT ?')
    .pluck()
  const get = db.prepare<[string], string>('SELECT body FROM incidents WHERE id = ?').pluck()
  const put = db.prepare(
    `INSERT INTO incidents (id, body, opened_at, closed) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET body = excluded.body, closed = excluded.closed`,
  )
  const notes = db
    .prepare<[string], string>('SELECT body FROM incident_notes WHERE incident = ? ORDER BY rowid')
    .pluck()
  const addNote = db.prepare('INSERT INTO incident_notes (incident, body) VALUES (?, ?)')
  return {
    /** Open ones first, then the newest. */
    list: (most: number) => list.all(most),
    get: (id: string) => get.get(id) ?? null,
    put: (id: string, body: string, openedAt: number, closed: boolean) =>
      void put.run(id, body, openedAt, closed ? 1 : 0),
    notes: (id: string) => notes.all(id),
    addNote: (id: string, body: string) => void addNote.run(id, body),
  }
}
