import { z } from 'zod'

/** Name of a right that a token may hold and a tool may need. Compared exactly: nothing in it is a wildcard. */
export const Scope = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._:/-]{0,79}$/i,
    'a scope is 1–80 letters, digits, `.`, `_`, `:`, `/` or `-`, starting with a letter or digit',
  )

/** Name of a tenant: whose data a server handles, and for whom a client works. */
export const Tenant = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,79}$/i,
    'a tenant is 1–80 letters, digits, `.`, `_` or `-`, starting with a letter or digit',
  )

/** What a client's token bounds it to. `scopes` null: nothing but policy bounds it. `tenant` null: it works for none in particular. */
export type Bounds = { scopes: readonly string[] | null; tenant: string | null }

/** The same, with what a client of somebody else said that it comes for when a person let it in; empty for all others. */
export type Credential = Bounds & { purpose: string }

/** For whom a client works, as what is recorded or shown names it: absent for nobody in particular. */
export function tenantIn({ tenant }: { tenant: string }): { tenant?: string } {
  return tenant === '' ? {} : { tenant }
}

/** The same as people see it. */
export const CredentialView = z.strictObject({ scopes: z.array(Scope).nullable(), tenant: Tenant.nullable() })

/** The same as it is asked for; what is absent bounds nothing. */
export const AskedCredential = z.strictObject({
  scopes: z.array(Scope).max(100).optional(),
  tenant: Tenant.optional(),
})
