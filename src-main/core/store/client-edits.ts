import type { Db } from './database.ts'

/** A configuration file that Toolgate changed; `client`: which kind it is, `entry`: the client entry named there. */
export type ClientEditRow = { path: string; client: string; entry: string; at: string; written: string }
export type ClientEditsTable = ReturnType<typeof clientEditsTable>

/** Reads and writes which configuration files were changed. */
export function clientEditsTable(db: Db) {
  const all = db.prepare<[], ClientEditRow>('SELECT * FROM client_edits ORDER BY path')
  const get = db.prepare<[string], ClientEditRow>('SELECT * FROM client_edits WHERE path = ?')
  const put = db.prepare(
    `INSERT INTO client_edits (path, client, entry, at, written) VALUES (@path, @client, @entry, @at, @written)
     ON CONFLICT (path) DO UPDATE SET client = excluded.client, entry = excluded.entry, at = excluded.at, written = excluded.written`,
  )
  const remove = db.prepare('DELETE FROM client_edits WHERE path = ?')
  return {
    all: () => all.all(),
    get: (path: string) => get.get(path) ?? null,
    put: (row: ClientEditRow) => void put.run(row),
    remove: (path: string) => void remove.run(path),
  }
}
