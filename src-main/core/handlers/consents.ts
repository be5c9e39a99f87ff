import { createHash } from 'node:crypto'
import { CallError } from '../../../shared/call-errors.ts'
import type { AppRegistration, ConsentView, ConsentWarning } from '../../../shared/consents.ts'
import { actions, type Classification, classifications } from '../../../shared/envelope.ts'
import { canonicalJson } from '../audit/canonical.ts'
import { type Answering, type CoreHandlers, type Door, nameAt } from '../control/handlers.ts'
import { createViews } from '../gateway/views.ts'
import type { Consent } from '../oauth/server/consents.ts'
import type { OAuthServer } from '../oauth/server/oauth-server.ts'
import { isRegistered } from '../oauth/server/registered.ts'
import { isLoopback } from '../oauth/server/registration.ts'
import { serverOfPath } from '../oauth/server/resources.ts'
import type { Deps } from '../pipeline/call.ts'
import { type AccessPolicy, holdsFor } from '../policy/access.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import { knownTenants } from './known-tenants.ts'
import type { RecordEvent } from './servers.ts'

type ConsentHandlers = Pick<CoreHandlers, Extract<keyof CoreHandlers, `consents.${string}`>>
type Around = {
  pipeline: Deps
  clients: ClientsTable
  oauth: Pick<OAuthServer, 'consents' | 'given' | 'registration' | 'register'>
  user: string
  record: RecordEvent
}

/** Apps that ask to be let in. They are shown whole, and answered for exactly what was shown, at the approval page or by a person at a terminal. */
export function consentHandlers(around: Around): ConsentHandlers {
  const { user, record, oauth } = around
  const { consents } = oauth
  const need = (id: string): Consent => {
    const consent = consents.find(id)
    if (!consent) throw new CallError('NOT_FOUND', 'this app no longer waits', 'start again in the app')
    return consent
  }
  const by = (door: Door) => ({ by: nameAt(door, user), door: door.name })
  /** What it comes for it may have said otherwise when it was let in: that is what its calls are decided and recorded with. */
  const registration = (client: string): AppRegistration | null => {
    const registered = oauth.registration(client)
    const said = new Set(around.clients.accesses.of(client).map(({ purpose }) => purpose ?? ''))
    // Where it said something else for each tenant, no one of these is what it comes for.
    const [purpose] = said.size === 1 ? said : [registered?.purpose]
    return registered && { ...registered, purpose: purpose ?? '' }
  }
  return {
    'consents.list': () =>
      consents
        .list()
        .map(({ id, app, asked_at, publicOrigin }) => ({ id, app, asked_at, public_origin: publicOrigin })),

    'consents.given': ({ client }) => oauth.given(client),

    'consents.registration': ({ client }) => registration(client),

    'consents.register': ({ client, ...change }, door) => {
      const { purpose } = registration(client) ?? { purpose: '' }
      const { made, before, write } = oauth.register(client, change)
      record('client.changed', { client, ...made, before: { redirect_uris: before, purpose }, ...by(door) })
      write()
      if (made.purpose !== purpose) around.clients.accesses.setPurpose(client, made.purpose)
      consents.drop((it) => it.client === client && !isRegistered(it.redirect, made.redirect_uris))
      return made
    },

    'consents.view': ({ id, tenant }) => viewOf(need(id), tenant, around),

    'consents.show': ({ id, tenant }, door) => {
      const view = viewOf(need(id), tenant, around)
      const { ticket, armedInMs } = answeringAt(door).issue({ id, shownHash: view.shown_hash })
      return { view, ticket, armed_in_ms: armedInMs }
    },

    'consents.answer': ({ id, answer, shown_hash, ticket, tenant: chosen }, door) => {
      const consent = need(id)
      // A no is for whoever was asked for, and never fails because somebody who was chosen is known no more.
      const view = viewOf(consent, answer === 'deny' ? null : chosen, around)
      if (answer !== 'deny' && view.shown_hash !== shown_hash) throw new CallError('CONFLICT')
      // Every door but a terminal, which shows and asks in one go, must bring the ticket of what it showed.
      if (door.name !== 'terminal') answeringAt(door).redeem(ticket, { id, shownHash: shown_hash }, answer !== 'deny')
      const { client, app, purpose, scopes, path, redirect, publicOrigin } = consent
      const { tenant } = view
      // INVARIANT: on record before it counts.
      record('oauth.answered', {
        ...{ client, app, answer, purpose, scopes, path, redirect, tenant, public_origin: publicOrigin },
        ...{ ...by(door), pid: door.pid, shown: shown_hash },
      })
      if (!consents.answer(id, answer, tenant)) throw new CallError('NOT_FOUND', 'this app no longer waits')
      return {}
    },
  }
}

function answeringAt(door: Door): Answering {
  if (door.name !== 'approval') throw new CallError('FORBIDDEN_AT_DOOR')
  return door.answering
}

/**
 * For whom a request would be answered, and who could be chosen instead. INVARIANT: an app that asks for one gets that or nothing: it would
 * take the data of one for that of another.
 */
function whomFor(consent: Consent, chosen: string | null | undefined, pipeline: Deps) {
  const tenants = consent.tenant === null ? knownTenants(pipeline.registry, pipeline.snapshot) : []
  const tenant = chosen ?? consent.tenant
  if (tenant !== consent.tenant && !tenants.includes(tenant ?? ''))
    throw new CallError('BAD_INPUT', `it cannot be let in for the tenant \`${tenant}\``)
  return { tenant, tenants }
}

function viewOf(asked: Consent, chosen: string | null | undefined, around: Around): ConsentView {
  const whom = whomFor(asked, chosen, around.pipeline)
  const consent = { ...asked, tenant: whom.tenant }
  const server = serverOfPath(consent.path) ?? null
  const tools = toolsOf(consent, server, around.pipeline)
  const bound = boundTo(consent, around.pipeline)
  const policies = bound.map(({ id }) => id)
  const redirect = redirectOf(consent.redirect)
  const { publicOrigin, code } = consent
  const shown = {
    ...{ public_origin: publicOrigin, code: publicOrigin === null ? null : code },
    ...{ id: consent.id, app: consent.app, asked_at: consent.asked_at, expires_at: consent.expires_at },
    ...{ client: consent.client, document_host: consent.documentHost, website: consent.website },
    ...{ purpose: consent.purpose, redirect, server, scopes: [...consent.scopes], policies, tools, ...whom },
    ceiling: ceilingOf(bound),
    tools_in_all: allTools(server, around.pipeline),
    warnings: warningsOf(consent, redirect.kind, policies, around.clients),
  }
  return { ...shown, shown_hash: createHash('sha256').update(canonicalJson(shown)).digest('hex') }
}

function redirectOf(uri: string): ConsentView['redirect'] {
  const { protocol, host, hostname } = new URL(uri)
  if (protocol === 'https:') return { uri, host, kind: 'web' }
  if (protocol === 'http:' && isLoopback(hostname)) return { uri, host, kind: 'loopback' }
  return { uri, host: protocol, kind: 'private' }
}

function warningsOf(
  { documentHost, client }: Consent,
  kind: ConsentView['redirect']['kind'],
  policies: readonly string[],
  clients: ClientsTable,
): ConsentWarning[] {
  const known = clients.get(client)
  return [
    ...(documentHost === null ? (['says_so_itself'] as const) : []),
    ...(kind === 'loopback' ? (['local_redirect'] as const) : []),
    ...(kind === 'private' ? (['private_scheme'] as const) : []),
    ...(known === null || known.revoked !== 0 ? (['never_seen'] as const) : []),
    ...(policies.length === 0 ? (['no_policy'] as const) : []),
  ]
}

/** The access policies that are bound to a client by its id while it works for the tenant, each once, by their ids. */
function boundTo({ client, tenant }: Consent, { snapshot }: Deps): AccessPolicy[] {
  const who = { tenant: { client: tenant ?? '', server: [] } }
  const all = snapshot()?.access.bindings ?? []
  const bindings = all.filter((binding) => binding.clients.includes(client) && holdsFor(binding, who))
  const byId = new Map(bindings.map(({ policy }) => [policy.id, policy]))
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** How far up the highest of them goes: a side of bindings allows what any of its policies does. */
function ceilingOf(policies: readonly AccessPolicy[]): Classification | null {
  return (
    classifications.findLast((each) => policies.some(({ maxClassification }) => maxClassification === each)) ?? null
  )
}

const servers = (only: string | null, { registry }: Deps) =>
  registry.list().filter(({ name }) => only === null || name === only)

function allTools(only: string | null, deps: Deps): number {
  return servers(only, deps).reduce((sum, { tools }) => sum + tools.size, 0)
}

const speaks = { generation: 'modern', apps: false, forms: false, ownMeta: null, name: null } as const

/** How many tools of each server and action policy may let a client call, as its lists will show them. */
function toolsOf(consent: Consent, only: string | null, deps: Deps): ConsentView['tools'] {
  const { client: id, tenant } = consent
  return servers(only, deps).flatMap(({ name, tools }) => {
    const as = {
      id: '',
      serverName: name,
      client: { id, name: id, identity: 'verified' as const, pid: null, tenant: tenant ?? '' },
    }
    const views = createViews(as, unhindered(consent, deps), () => speaks)
    const counts = new Map(actions.map((action) => [action, 0]))
    for (const { definition, review } of tools.values()) {
      if (!views.shows('tools', definition.name, definition)) continue
      counts.set(review.action, (counts.get(review.action) ?? 0) + 1)
    }
    return [...counts].filter(([, count]) => count > 0).map(([action, count]) => ({ server: name, action, count }))
  })
}

/** An app that is not let in yet, or was turned out, is looked at as the client that it becomes. */
function unhindered({ client, scopes, tenant, purpose }: Consent, deps: Deps): Deps {
  return {
    ...deps,
    credentialOf(acting) {
      const held = deps.credentialOf(acting)
      if (acting.id !== client) return held
      return { scopes: [...(held.scopes ?? []), ...scopes], tenant, purpose: purpose ?? '' }
    },
    clientForeign: (id) => id === client || deps.clientForeign(id),
    clientRevoked: (id) => id !== client && deps.clientRevoked(id),
  }
}
