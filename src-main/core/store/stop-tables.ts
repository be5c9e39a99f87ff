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
