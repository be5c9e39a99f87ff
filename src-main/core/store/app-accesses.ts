import type { Db } from './database.ts'

/**
 * What an app was given for one tenant, empty for nobody in particular: the scopes that its tokens hold together, as JSON text, what it said
 * that it comes for, and when it last came in.
 */
export type AppAccess = {
  client: string
  tenant: string
  scopes: string
  purpose: string | null
  last_used: string | null
}

/** Reads and writes what apps were given, for each tenant apart. */
export function appAccesses(db: Db) {
  const get = db.prepare<[string, string], AppAccess>('SELECT * FROM app_accesses WHERE client = ? AND tenant = ?')
  const of = db.prepare<[string], AppAccess>('SELECT * FROM app_accesses WHERE client = ? ORDER BY tenant')
  const put = db.prepare(
    `INSERT INTO app_accesses (client, tenant, scopes, purpose) VALUES (@client, @tenant, @scopes, @purpose)
     ON CONFLICT (client, tenant) DO UPDATE SET scopes = excluded.scopes, purpose = excluded.purpose`,
  )
  const used = db.prepare('UPDATE app_accesses SET last_used = ? WHERE client = ? AND tenant = ?')
  const setPurpose = db.prepare('UPDATE app_accesses SET purpose = ? WHERE client = ?')
  const remove = db.prepare('DELETE FROM app_accesses WHERE client = ? AND tenant = ?')
  const removeAll = db.prepare('DELETE FROM app_accesses WHERE client = ?')
  return {
    get: (client: string, tenant: string) => get.get(client, tenant) ?? null,
    of: (client: string) => of.all(client),
    put: (row: Omit<AppAccess, 'last_used'>) => void put.run(row),
    used: (client: string, tenant: string, at: string) => void used.run(at, client, tenant),
    /** For each tenant, as when a person changes what the app comes for. */
    setPurpose: (client: string, purpose: string) => void setPurpose.run(purpose === '' ? null : purpose, client),
    /** Of one tenant, or of all. */
    remove: (client: string, tenant?: string) =>
      void (tenant === undefined ? removeAll.run(client) : remove.run(client, tenant)),
  }
}
