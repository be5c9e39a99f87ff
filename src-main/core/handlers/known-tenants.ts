import { Tenant } from '../../../shared/credential.ts'
import { belongsTo } from '../envelope/belongs.ts'
import type { Deps } from '../pipeline/call.ts'

const nobody = { scopes: null, tenant: null }

/** Tenants that are known here, in order: those whose data a server handles, and those for whom policy binds anything. */
export function knownTenants(registry: Pick<Deps['registry'], 'list'>, inForce: Deps['snapshot']): string[] {
  const ofServers = registry.list().flatMap((server) => belongsTo(server, [], nobody).tenant.server)
  const ofBindings = (inForce()?.access.bindings ?? []).flatMap(({ tenant }) => tenant ?? [])
  return [...new Set([...ofServers, ...ofBindings])].filter((name) => Tenant.safeParse(name).success).sort()
}
