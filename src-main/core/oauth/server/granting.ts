import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GivenAccess, GivenConsent } from '../../../../shared/consents.ts'
import type { OAuthTable } from '../../store/oauth-tables.ts'
import type { ClientsTable } from '../../store/registry-tables.ts'
import type { Consent, Outcome } from './consents.ts'
import { hashId } from './hash-id.ts'
import type { Provider } from './provider.ts'
import { baseScope, serverOfPath } from './resources.ts'

/** What is kept of a yes: what was asked for, and whether it counts for more than one token. */
type KeptConsent = Pick<Consent, 'app' | 'purpose' | 'path' | 'scopes' | 'redirect'> & {
  lasting: boolean
  at: string
  /** Absent in those of before there were several. */
  tenant?: string | null
}

type GrantingDeps = { table: OAuthTable; clients: ClientsTable; now: () => number }

/** Whose tokens are, as apps are told (`sub`): the account's login name is none of their business, and one person is here for all of them. */
export const accountId = 'owner'

/** The yes behind what was issued: how long it counts, and for whom its client works by it; null when it was taken back. */
export function consentOf(table: OAuthTable, grantKey: Buffer): Pick<KeptConsent, 'lasting' | 'tenant'> | null {
  const row = table.consent(grantKey)
  return row && (JSON.parse(row.body) as KeptConsent)
}

/** What a client was given for each tenant, the newest first. Of its tokens nothing is told but whether there are any. */
export function givenTo(
  client: string,
  { table, clients, now }: Pick<GrantingDeps, 'table' | 'clients' | 'now'>,
): GivenAccess[] {
  const byTenant = new Map<string, GivenConsent[]>()
  const rows = table.consentsOf(client).map((row) => ({ ...row, kept: JSON.parse(row.body) as KeptConsent }))
  for (const { grant_key, kept } of rows.sort((a, b) => (a.kept.at < b.kept.at ? 1 : -1))) {
    const { at, lasting, purpose, path, scopes, redirect, tenant } = kept
    const active = table.isLive(grant_key, Math.floor(now() / 1000))
    const given = { at, lasting, purpose, server: serverOfPath(path) ?? null, scopes: [...scopes], redirect, active }
    byTenant.set(tenant ?? '', [...(byTenant.get(tenant ?? '') ?? []), given])
  }
  return [...byTenant].map(([tenant, consents]) => ({
    tenant: tenant === '' ? null : tenant,
    last_used: clients.accesses.get(client, tenant)?.last_used ?? null,
    consents,
  }))
}

/** Ends each yes that a client was given for one tenant, empty for nobody in particular, with the codes and tokens that hang on it. */
export function endTenant(client: string, tenant: string, table: OAuthTable): void {
  for (const { grant_key, body } of table.consentsOf(client)) {
    if (((JSON.parse(body) as KeptConsent).tenant ?? '') === tenant) table.removeGrant(grant_key)
  }
}

/** Ends a browser's wait with what the person answered; an app that was let in is a client of this gateway from then on. */
export async function finish(
  provider: Provider,
  { consent, outcome }: { consent: Consent | null; outcome: Outcome },
  { req, res }: { req: IncomingMessage; res: ServerResponse },
  deps: GrantingDeps,
): Promise<void> {
  if (!consent || (outcome !== 'once' && outcome !== 'always')) {
    const error_description = outcome === 'deny' ? 'the person said no' : 'nobody answered in time'
    await provider.interactionFinished(req, res, { error: 'access_denied', error_description })
    return
  }
  const { client, resource, scopes } = consent
  const grant = new provider.Grant({ accountId, clientId: client })
  grant.addResourceScope(resource, [baseScope, ...scopes].join(' '))
  const id = await grant.save()
  const at = new Date(deps.now()).toISOString()
  const { app, purpose, path, redirect, tenant } = consent
  const kept: KeptConsent = { app, purpose, path, scopes, redirect, tenant, lasting: outcome === 'always', at }
  deps.table.putConsent(hashId(id), client, JSON.stringify(kept))
  deps.table.keepClient(hashId(client))
  admit(consent, at, deps)
  await provider.interactionFinished(req, res, {
    login: { accountId, remember: false },
    consent: { grantId: id },
  })
}

function admit(consent: Consent, created_at: string, { clients }: GrantingDeps): void {
  const { client: id, app, scopes, purpose, tenant, publicOrigin } = consent
  const name = clients.get(id)?.name ?? ownName(app, clients)
  clients.addForeign({ id, name, created_at, public_origin: publicOrigin })
  const acting = { client: id, tenant: tenant ?? '' }
  const held = JSON.parse(clients.accesses.get(id, acting.tenant)?.scopes ?? '[]') as string[]
  clients.accesses.put({ ...acting, scopes: JSON.stringify([...new Set([...held, ...scopes])].sort()), purpose })
}

/** Rules and people know clients by name too, and an app chooses its own: it never gets one that another client has. */
function ownName(app: string, clients: ClientsTable): string {
  const taken = new Set(
    clients
      .all()
      .filter(({ revoked }) => revoked === 0)
      .map(({ name }) => name.toLowerCase()),
  )
  let name = app
  for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${app} (${count})`
  return name
}
