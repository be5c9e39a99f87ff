import { allServers } from '../../../shared/link.ts'
import { traffic } from '../../../shared/traffic.ts'
import type { Changes } from '../control/changes.ts'
import { belongsTo, missingScopes } from '../envelope/belongs.ts'
import { scopesIn } from '../envelope/credentials.ts'
import { createFewEvents } from '../few-events.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Grants } from '../grants/grants.ts'
import type { Caller } from '../http/exchange.ts'
import { newId } from '../ids.ts'
import { createGuardedFetch } from '../oauth/client/guarded-fetch.ts'
import { createOAuthServer } from '../oauth/server/oauth-server.ts'
import { createRate } from '../oauth/server/rate.ts'
import type { Deps } from '../pipeline/call.ts'
import type { Log, Ports } from '../ports.ts'
import type { Registry } from '../registry/registry.ts'
import type { Server } from '../registry/server-record.ts'
import { toolNamed } from '../registry/shared-name.ts'
import type { LiveSettings } from '../settings.ts'
import type { Db } from '../store/database.ts'
import { oauthTable } from '../store/oauth-tables.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import { knownTenants } from './known-tenants.ts'
import type { RecordEvent } from './servers.ts'

/** A person hears of strangers who ask at most this often (ms). */
const strangersMs = 5 * 60_000

/** What of a request says which rights it needs. */
type Asked = { method: string; tool: string | null }

type Opening = Pick<Ports, 'clock' | 'log' | 'notify' | 'pages'> & {
  db: Db
  clients: ClientsTable
  registry: Registry
  gateway: Pick<Gateway, 'drop'>
  grants: Pick<Grants, 'endOf'>
  settings: Pick<LiveSettings, 'now' | 'follow'>
  changes: Changes
  record: RecordEvent
  /** The policy in force. */
  inForce: Deps['snapshot']
}

/** The authorization server of this gateway, with what it tells people, the record and the sessions of its clients. */
export function openOAuth(deps: Opening) {
  const { db, clock, clients, registry, gateway, grants, settings, changes, record, log, notify, pages } = deps
  const trusted = () => settings.now().app_documents
  const publicOrigin = () => settings.now().public_origin
  const mayTell = createRate(clock, 1, strangersMs)
  // Apart, so that strangers who flood one hide nothing of what is tried on this machine.
  const refusedHere = createFewEvents('oauth.refused', deps)
  const refusedOfNetwork = createFewEvents('oauth.refused', deps)
  const server = createOAuthServer({
    ...{ table: oauthTable(db), clients, clock, log, record },
    newClientId: () => newId('client', clock.now()),
    publicOrigin,
    toolScopes: () => neededScopes(registry),
    trustsHost: (host) => trusted().some((it) => it === '*' || it === host),
    fetchDocument: createGuardedFetch('internet'),
    readsDocuments: () => trusted().includes('*'),
    onChange: changes.teller('consents', 'clients', 'status'),
    tenants: () => knownTenants(registry, deps.inForce),
    onAsked({ id, app, client, path, tenant, publicOrigin }) {
      record('oauth.asked', { client, app, path, public_origin: publicOrigin, ...(tenant === null ? {} : { tenant }) })
      if (publicOrigin === null) {
        const body = `${app} wants to use tools through Toolgate`
        notify({ kind: 'approval', title: 'an app asks to connect', body })
        showAt(`/consents/${id}`, pages, log)
        return
      }
      // A stranger brings up no window, and a flood of them no flood of notifications; pages show all that wait.
      if (!mayTell()) return
      const body = `it came by ${publicOrigin}, not from this machine, and calls itself ${app}`
      notify({ kind: 'approval', title: 'somebody on the network asks to connect an app', body })
    },
    onRefused: (detail) => (detail.public_origin === null ? refusedHere : refusedOfNetwork).note(detail),
    onEnded(client, tenant) {
      void gateway.drop((session) => session.client.id === client && session.client.tenant === tenant)
      changes.topic('clients')
    },
  })
  /** Whoever came by another public origin than that of now is turned out, and what they have open ends. */
  function endOthers(): void {
    const now = publicOrigin()
    const others = clients.all().filter((row) => row.public_origin !== null && row.public_origin !== now)
    for (const { id, name, public_origin, revoked } of others) {
      // INVARIANT: on record before it counts. It counts all the same where that fails: nobody stays who must go.
      if (revoked === 0) evenSo(id, () => record('client.revoked', { client: id, name, public_origin }))
      evenSo(id, () => {
        clients.revoke(id)
        server.forget(id)
      })
      evenSo(id, () => grants.endOf(id, undefined, null))
    }
    evenSo(null, server.endOthers)
    const ended = new Set(others.map(({ id }) => id))
    void gateway.drop(({ client }) => ended.has(client.id))
    changes.topic('clients')
  }
  /** One step of turning clients out; one that fails keeps none of the others from being done. */
  function evenSo(client: string | null, step: () => void): void {
    try {
      step()
    } catch (error) {
      log.error('a client of another public origin was not turned out in order', { client, error: String(error) })
    }
  }
  let standing = publicOrigin()
  endOthers()
  settings.follow(() => {
    if (standing === publicOrigin()) return
    standing = publicOrigin()
    endOthers()
  })
  return {
    ...server,
    publicOrigin,
    close(): void {
      for (const { close } of [refusedHere, refusedOfNetwork]) close()
      server.close()
    },
    missing({ id, scopes }: Caller, serverName: string, { method, tool: name }: Asked): string[] {
      const kind = traffic[method]?.kind ?? null
      if (!clients.isForeign(id) || kind === null) return []
      const lacks = (server: Server | null, tags: readonly string[]) =>
        missingScopes(belongsTo(server, tags, { scopes: scopesIn(scopes ?? '[]'), tenant: null }).scopes)
      // Which server it is for shows only when it is handed over; what the app was given in all then bounds it.
      if (kind !== 'tool') return serverName === allServers ? [] : lacks(registry.find(serverName), [])
      if (name === null) return []
      const shared = serverName === allServers ? toolNamed(registry.list(), name) : { server: serverName, name }
      const found = shared ? registry.find(shared.server) : null
      const tool = shared && found?.tools.get(shared.name)
      return tool ? lacks(found, tool.review.tags) : []
    },
  }
}

/** Brings the approval window to it where the host has one; elsewhere a person comes to the page by themselves. */
function showAt(place: string, pages: Ports['pages'], log: Log): void {
  try {
    pages.openApprovals(place)
  } catch {
    log.info('an app asks to connect, and this host shows no approval page')
  }
}

/** The rights that reviewed tools and their servers need of a token. */
function neededScopes(registry: Registry): string[] {
  const unbounded = { scopes: null, tenant: null }
  const needed = registry
    .list()
    .flatMap((server) => [
      ...belongsTo(server, [], unbounded).scopes.needed,
      ...[...server.tools.values()].flatMap(({ review }) => belongsTo(null, review.tags, unbounded).scopes.needed),
    ])
  return [...new Set(needed)].sort()
}
