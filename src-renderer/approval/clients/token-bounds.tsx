import { Field, Input } from '../../ui/field.tsx'

/** What a token is to be bound to, as typed: scopes divided by spaces or commas, and a tenant; empty bounds nothing. */
export type TypedBounds = { scopes: string; tenant: string }

/** The same as it is asked for. */
export function askedBounds({ scopes, tenant }: TypedBounds): { scopes?: string[]; tenant?: string } {
  const named = scopes.split(/[\s,]+/).filter((scope) => scope !== '')
  return { ...(named.length > 0 ? { scopes: named } : {}), ...(tenant.trim() === '' ? {} : { tenant: tenant.trim() }) }
}

/** Bounds that a token itself carries, besides what policy says of its client. */
export function TokenBounds({ typed, onType }: { typed: TypedBounds; onType: (typed: TypedBounds) => void }) {
  return (
    <>
      <Field label="Scopes" hint="Optional; without any, policy alone decides.">
        <Input
          value={typed.scopes}
          placeholder="files:read tickets"
          onChange={(event) => onType({ ...typed, scopes: event.target.value })}
        />
      </Field>
      <Field label="Tenant" hint="Optional; other tenants’ servers then ask a person.">
        <Input
          value={typed.tenant}
          maxLength={80}
          onChange={(event) => onType({ ...typed, tenant: event.target.value })}
        />
      </Field>
    </>
  )
}
