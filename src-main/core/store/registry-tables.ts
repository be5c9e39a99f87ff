import { appAccesses } from './app-accesses.ts'
import type { Db } from './database.ts'

/** A reviewed tool as JSON text; `approval` is null for one that was approved before that was kept. */
type ToolRow = { name: string; review: string; definition: string; approval: string | null }

/** Rows of one JSON body per server name. */
export type ServersTable = ReturnType<typeof serversTable>

/** Reads and writes registered servers and the reviews and definitions of their tools, as JSON text. */
export function serversTable(db: Db) {
  const all = db.prepare<[], { name: string; body: string }>('SELECT name, body FROM servers ORDER BY name')
  const put = db.prepare(
    'INSERT INTO servers (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body',
  )
  const remove = db.prepare('DELETE FROM servers WHERE name = ?')
  const tools = db.prepare<[], ToolRow & { server: string }>(
    'SELECT server, name, review, definition, approval FROM tools ORDER BY server, name',
  )
  const clearTools = db.prepare('DELETE FROM tools WHERE server = ?')
  const addTool = db.prepare(
    'INSERT OR REPLACE INTO tools (server, name, review, definition, approval) VALUES (?, ?, ?, ?, ?)',
  )
  const putTool = (server: string, row: ToolRow) =>
    addTool.run(server, row.name, row.review, row.definition, row.approval)
  return {
    all: () => all.all(),
    put: (name: string, body: string) => put.run(name, body),
    remove: (name: string) => remove.run(name).changes > 0,
    tools: () => tools.all(),
    /** Leaves nothing of what was overwritten or removed in the files of the database. */
    scrub(): void {
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.exec('VACUUM')
      db.pragma('wal_checkpoint(TRUNCATE)')
    },
    /** Replaces every tool of a server at once. */
    setTools(server: string, rows: readonly ToolRow[]): void {
      db.transaction(() => {
        clearTools.run(server)
        for (const row of rows) putTool(server, row)
      })()
    },
    /** Adds one, or replaces it. */
    putTool: (server: string, row: ToolRow) => void putTool(server, row),
  }
}

/** A client entry as stored; `revoked` is 0 or 1, `token_hash` is SHA-256 of the bearer token of one that comes over HTTP. */
export type ClientRow = {
  id: string
  name: string
  created_at: string
  last_seen: string | null
  revoked: number
  /** `oauth`: a client of somebody else, which a person let in through the authorization server. */
  kind: 'stdio' | 'http' | 'oauth'
  token_hash: Buffer | null
  /** JSON text of the scopes that its token holds; null where none bound it, and for apps, whose accesses say it. */
  scopes: string | null
  tenant: string | null
  /** Whose client it is; null: the owner's. */
  person: string | null
  /** The public origin by which a client of somebody else came; null for this machine. */
  public_origin: string | null
}
export type ClientsTable = ReturnType<typeof clientsTable>

/** Reads and writes client entries; their secrets lie in files or with the client, never here. */
export function clientsTable(db: Db) {
  const all = db.prepare<[], ClientRow>('SELECT * FROM clients ORDER BY created_at')
  const get = db.prepare<[string], ClientRow>('SELECT * FROM clients WHERE id = ?')
  const byToken = db.prepare<[Buffer], ClientRow>('SELECT * FROM clients WHERE token_hash = ?')
  const add = db.prepare('INSERT INTO clients (id, name, created_at, person) VALUES (?, ?, ?, ?)')
  const addToken = db.prepare(
    `INSERT INTO clients (id, name, created_at, kind, token_hash, scopes, tenant, person)
     VALUES (@id, @name, @created_at, 'http', @token_hash, @scopes, @tenant, @person)`,
  )
  const addForeign = db.prepare(
    `INSERT INTO clients (id, name, created_at, kind, public_origin) VALUES (@id, @name, @created_at, 'oauth', @public_origin)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, revoked = 0`,
  )
  const seen = db.prepare('UPDATE clients SET last_seen = ? WHERE id = ?')
  const revoke = db.prepare('UPDATE clients SET revoked = 1 WHERE id = ?')
  // Asked with every message, or with every call of a client that has no entry, as most of this machine. Nobody else writes
  // this table while a gateway runs.
  type Known = Pick<ClientRow, 'id' | 'kind' | 'revoked'>
  const rows = db.prepare<[], Known>('SELECT id, kind, revoked FROM clients').all()
  const idsOf = (found: readonly Known[]) => new Set(found.map(({ id }) => id))
  const known = idsOf(rows)
  const revoked = idsOf(rows.filter((row) => row.revoked === 1))
  const foreign = idsOf(rows.filter((row) => row.kind === 'oauth'))
  return {
    /** What those of somebody else were given. */
    accesses: appAccesses(db),
    all: () => all.all(),
    get: (id: string) => (known.has(id) ? (get.get(id) ?? null) : null),
    /** The entry whose token has this SHA-256, revoked or not. */
    byToken: (hash: Buffer) => byToken.get(hash) ?? null,
    add(id: string, name: string, createdAt: string, person: string | null = null): void {
      add.run(id, name, createdAt, person)
      known.add(id)
    },
    addToken(
      row: Omit<ClientRow, 'last_seen' | 'revoked' | 'kind' | 'person' | 'public_origin'> & { person?: string | null },
    ): void {
      addToken.run({ person: null, ...row })
      known.add(row.id)
    },
    /** Adds a client of somebody else, or takes one back to which a person says yes again. */
    addForeign(row: Pick<ClientRow, 'id' | 'name' | 'created_at' | 'public_origin'>): void {
      addForeign.run(row)
      foreign.add(row.id)
      known.add(row.id)
      revoked.delete(row.id)
    },
    /** Whether it is a client of somebody else, which has nothing until policy binds it. */
    isForeign: (id: string) => foreign.has(id),
    seen: (id: string, at: string) => seen.run(at, id),
    revoke(id: string): boolean {
      const isThere = revoke.run(id).changes > 0
      if (isThere) revoked.add(id)
      return isThere
    },
    isRevoked: (id: string) => revoked.has(id),
  }
}

export type FactsTable = ReturnType<typeof factsTable>

/** Small named facts of this instance, such as that a PIN was enrolled. */
export function factsTable(db: Db) {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM facts WHERE name = ?')
  const set = db.prepare(
    'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  const remove = db.prepare('DELETE FROM facts WHERE name = ?')
  return {
    get: (name: string) => get.get(name)?.value ?? null,
    set: (name: string, value: string) => set.run(name, value),
    remove: (name: string) => remove.run(name),
  }
}
