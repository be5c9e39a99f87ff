import { z } from 'zod'
import { type Credential, Scope } from '../../../shared/credential.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import type { AppAccess } from '../store/app-accesses.ts'
import type { ClientsTable } from '../store/registry-tables.ts'

const Scopes = z.array(Scope)

const unbounded: Credential = { scopes: null, tenant: null, purpose: '' }

/** A client, and the tenant that it works for, empty for nobody in particular: the token that it came with says which. */
export type Acting = { id: string; tenant: string }

/** The client of a session; `pid` is null where nobody knows its process (HTTP). */
export type Asking = Envelope['client'] & Acting & { pid: number | null }

/**
 * What the credential of a client bounds it to, by the id of its entry. It is fixed when the entry of a client of this machine is made, so each is read once; an app
 * has what people gave it for the tenant that it works for, and nothing of what they gave it for another. A client without an entry has no
 * credential that could bound it: policy does.
 */
export function createCredentials(clients: ClientsTable): (acting: Acting) => Credential {
  const known = new Map<string, Credential>()
  return ({ id, tenant: acting }) => {
    const before = known.get(id)
    if (before) return before
    const row = clients.get(id)
    if (!row) return unbounded
    // What it holds grows with what people agree to.
    if (row.kind === 'oauth') return credentialOfApp(clients.accesses.get(id, acting), acting)
    const { scopes, tenant } = row
    const made = { scopes: scopes === null ? null : scopesIn(scopes), tenant, purpose: '' }
    known.set(id, made)
    return made
  }
}

function credentialOfApp(access: AppAccess | null, acting: string): Credential {
  const held = access ? scopesIn(access.scopes) : []
  return { scopes: held, tenant: acting === '' ? null : acting, purpose: access?.purpose ?? '' }
}

/** A list of scopes from its JSON text; what cannot be read holds none. */
export function scopesIn(text: string): string[] {
  try {
    return Scopes.parse(JSON.parse(text))
  } catch {
    return []
  }
}
