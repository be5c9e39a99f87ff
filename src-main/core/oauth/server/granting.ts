import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GivenConsent } from '../../../../shared/consents.ts'
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
}

type GrantingDeps = { table: OAuthTable; clients: ClientsTable; now: () => number; user: string }

/** Whether a yes counts for more than one token. */
export function isLasting(table: OAuthTable, grantId: string): boolean {
  const row = table.consent(hashId(grantId))
  return row !== null && (JSON.parse(row.body) as KeptConsent).lasting
}

/** What a client was given, the newest first. Of its tokens nothing is told but whether there are any. */
export function givenTo(client: string, table: OAuthTable, now: number): GivenConsent[] {
  const given = table.consentsOf(client).map(({ grant_key, body }) => {
    const { at, lasting, purpose, path, scopes, redirect } = JSON.parse(body) as KeptConsent
    const active = table.isLive(grant_key, Math.floor(now / 1000))
    return { at, lasting, purpose, server: serverOfPath(path) ?? null, scopes: [...scopes], redirect, active }
  })
  return given.sort((a, b) => (a.at < b.at ? 1 : -1))
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
  const grant = new provider.Grant({ accountId: deps.user, clientId: client })
  grant.addResourceScope(resource, [baseScope, ...scopes].join(' '))
  const id = await grant.save()
  const at = new Date(deps.now()).toISOString()
  const { app, purpose, path, redirect } = consent
  const kept: KeptConsent = { app, purpose, path, scopes, redirect, lasting: outcome === 'always', at }
  deps.table.putConsent(hashId(id), client, JSON.stringify(kept))
  deps.table.keepClient(hashId(client))
  admit(consent, at, deps)
  await provider.interactionFinished(req, res, {
    login: { accountId: deps.user, remember: false },
    consent: { grantId: id },
  })
}

function admit(
  { client: id, app, scopes, purpose, publicOrigin }: Consent,
  created_at: string,
  { clients }: GrantingDeps,
): void {
  const before = clients.get(id)
  const held = before && before.revoked === 0 ? (JSON.parse(before.scopes ?? '[]') as string[]) : []
  const name = before?.name ?? ownName(app, clients)
  const all = JSON.stringify([...new Set([...held, ...scopes])].sort())
  clients.addForeign({ id, name, created_at, scopes: all, purpose, public_origin: publicOrigin })
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
