import { type Db, impatiently } from './database.ts'

/** A tool that a client has called, as it was defined then. */
export type CalledRow = { client: string; server: string; tool: string; fingerprint: string }
export type HistoryTable = ReturnType<typeof historyTable>

/** Reads and writes what clients have called, and how much they usually do. */
export function historyTable(db: Db) {
  const called = db.prepare<[number], CalledRow>('SELECT client, server, tool, fingerprint FROM called_tools LIMIT ?')
  const add = db.prepare(
    `INSERT INTO called_tools (client, server, tool, fingerprint) VALUES (@client, @server, @tool, @fingerprint)
     ON CONFLICT (client, server, tool) DO UPDATE SET fingerprint = excluded.fingerprint`,
  )
  const usual = db.prepare<[number], { client: string; per_minute: number }>(
    'SELECT client, per_minute FROM usual_calls LIMIT ?',
  )
  const setUsual = db.prepare(
    'INSERT INTO usual_calls (client, per_minute) VALUES (?, ?) ON CONFLICT (client) DO UPDATE SET per_minute = excluded.per_minute',
  )
  return {
    called: (most: number) => called.all(most),
    /** Calls per minute of those minutes in which a client called at all. */
    usual: (most: number) => usual.all(most),
    /** Writes what is new, all or nothing; throws at once when another program has the database. */
    keep(called: Iterable<CalledRow>, usual: Iterable<readonly [client: string, perMinute: number]>): void {
      const write = db.transaction(() => {
        for (const row of called) add.run(row)
        for (const [client, perMinute] of usual) setUsual.run(client, perMinute)
      })
      impatiently(db, () => write.immediate())
    },
  }
}

export type ObservingTable = ReturnType<typeof observingTable>

/** Reads and writes for what observe mode is on, as JSON text; `name` is empty where it is on for everything. */
export function observingTable(db: Db) {
  const all = db.prepare<[], { scope: string; name: string; body: string }>('SELECT * FROM observing')
  const put = db.prepare(
    'INSERT INTO observing (scope, name, body) VALUES (?, ?, ?) ON CONFLICT (scope, name) DO UPDATE SET body = excluded.body',
  )
  const remove = db.prepare('DELETE FROM observing WHERE scope = ? AND name = ?')
  return {
    all: () => all.all(),
    put: (scope: string, name: string, body: string) => put.run(scope, name, body),
    remove: (scope: string, name: string) => remove.run(scope, name),
  }
}
