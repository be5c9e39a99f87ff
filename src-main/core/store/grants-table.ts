import type { Db } from './database.ts'

/**
 * A grant as stored. `tenant` is for whom its client works, empty for nobody in particular; `tool` is empty where every tool of the server is meant; `bounds` is JSON; `call_hash` names one exact call;
 * `lineage` the one session it counts in; `pin` is the fingerprint of the tool, or one over all of the server; times are milliseconds
 * since 1970.
 */
export type GrantRow = {
  id: string
  state: string
  approval_id: string
  client: string
  client_name: string
  tenant: string
  user: string
  server: string
  tool: string
  scope: string
  duration: string
  says: string
  bounds: string
  call_hash: string | null
  lineage: string | null
  pin: string
  snapshot: string
  level: number
  by: string
  door: string
  reason: string
  /** JSON of who gave it, and for whom each of them stood; null: the owner. */
  people: string | null
  created_at: number
  expires_at: number | null
  max_hours: number
  /** Null: as many calls as are made before it ends. */
  max_uses: number | null
  used: number
  last_used: number | null
}
export type GrantsTable = ReturnType<typeof grantsTable>

const columns = [
  ...['id', 'state', 'approval_id', 'client', 'client_name', 'tenant', 'user', 'server', 'tool', 'scope', 'duration'],
  ...[
    'says',
    'bounds',
    'call_hash',
    'lineage',
    'pin',
    'snapshot',
    'level',
    'by',
    'door',
    'reason',
    'people',
    'created_at',
  ],
  ...['expires_at', 'max_hours', 'max_uses', 'used', 'last_used'],
]
/** Ended grants that are kept for the list. */
const mostEnded = 1000

/** Reads and writes grants. */
export function grantsTable(db: Db) {
  const add = db.prepare<[GrantRow]>(
    `INSERT INTO grants (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
  )
  const found = db.prepare<[string, string, string, string], GrantRow>(
    `SELECT * FROM grants WHERE state = 'active' AND client = ? AND tenant = ? AND server = ? AND tool IN (?, '')
     ORDER BY max_uses IS NOT NULL, created_at`,
  )
  const get = db.prepare<[string], GrantRow>('SELECT * FROM grants WHERE id = ?')
  const active = db.prepare<[], GrantRow>(`SELECT * FROM grants WHERE state = 'active' ORDER BY created_at DESC`)
  const newest = db.prepare<[number], GrantRow>('SELECT * FROM grants ORDER BY created_at DESC, id DESC LIMIT ?')
  const use = db.prepare(
    `UPDATE grants SET used = used + 1, last_used = @now,
       state = CASE WHEN duration = 'once' OR used + 1 >= max_uses THEN 'spent' ELSE state END
     WHERE id = @id AND state = 'active' AND (expires_at IS NULL OR expires_at > @now)`,
  )
  const end = db.prepare(`UPDATE grants SET state = ? WHERE id = ? AND state = 'active'`)
  const extend = db.prepare(`UPDATE grants SET expires_at = ?, created_at = ? WHERE id = ? AND state = 'active'`)
  const prune = db.prepare(
    `DELETE FROM grants WHERE state <> 'active' AND id NOT IN
     (SELECT id FROM grants WHERE state <> 'active' ORDER BY created_at DESC LIMIT ${mostEnded})`,
  )
  return {
    add: (row: GrantRow) => void add.run(row),
    /**
     * Active ones of a client that works for a tenant, for a tool or its whole server, oldest first, those for some calls after all others: they are kept for what
     * only they cover.
     */
    find: ({ id, tenant }: { id: string; tenant: string }, server: string, tool: string): GrantRow[] =>
      found.all(id, tenant, server, tool),
    get: (id: string): GrantRow | null => get.get(id) ?? null,
    active: (): GrantRow[] => active.all(),
    newest: (limit: number): GrantRow[] => newest.all(limit),
    /** True when it still counts at `now`; whoever gets true may run one call. */
    use: (id: string, now: number): boolean => use.run({ id, now }).changes === 1,
    /** True when it was active until now. */
    end: (id: string, state: string): boolean => end.run(state, id).changes === 1,
    /** Begins it anew at `now`. */
    extend: (id: string, until: number, now: number): boolean => extend.run(until, now, id).changes === 1,
    prune: () => void prune.run(),
  }
}
