import { z } from 'zod'
import { type Credential, Scope } from '../../../shared/credential.ts'
import type { ClientsTable } from '../store/registry-tables.ts'

const Scopes = z.array(Scope)

const unbounded: Credential = { scopes: null, tenant: null, purpose: '' }

/**
 * What the credential of a client bounds it to, by the id of its entry. It is fixed when the entry of a client of this machine is made, so each is read once. A client
 * without an entry has no credential that could bound it: policy does.
 */
export function createCredentials(clients: ClientsTable): (clientId: string) => Credential {
  const known = new Map<string, Credential>()
  return (id) => {
    const before = known.get(id)
    if (before) return before
    const row = clients.get(id)
    if (!row) return unbounded
    const { scopes, tenant, purpose } = row
    const made = { scopes: scopes === null ? null : scopesIn(scopes), tenant, purpose: purpose ?? '' }
    // Those of somebody else's client grow with what people agree to.
    if (row.kind !== 'oauth') known.set(id, made)
    return made
  }
}

/** A list of scopes from its JSON text; what cannot be read holds none. */
export function scopesIn(text: string): string[] {
  try {
    return Scopes.parse(JSON.parse(text))
  } catch {
    return []
  }
}
