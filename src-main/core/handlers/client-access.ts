import { bindingsFile } from '../../../shared/bindings-file.ts'
import { CallError } from '../../../shared/call-errors.ts'
import type { Input } from '../../../shared/calls.ts'
import type { AccessWord, HoldingPolicy, PolicyReach } from '../../../shared/client-access.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { printable } from '../../../shared/printable.ts'
import type { CoreHandlers, Door } from '../control/handlers.ts'
import { type Askable, bareCall } from '../pipeline/bare-call.ts'
import type { Deps } from '../pipeline/call.ts'
import { accessFacts } from '../pipeline/decide.ts'
import { toolAccess } from '../pipeline/tool-access.ts'
import {
  type Access,
  type AccessPolicy,
  accessDenial,
  type Binding,
  boundAccess,
  builtInAccess,
  holdsFor,
} from '../policy/access.ts'
import { type BindingTo, withBinding, withoutBinding } from '../policy/edit-bindings.ts'
import type { Registry } from '../registry/registry.ts'
import type { PinnedTool, Server } from '../registry/server-record.ts'
import type { PolicyChanges } from '../snapshots/change-policy.ts'
import type { Snapshots } from '../snapshots/snapshots.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import { knownTenants } from './known-tenants.ts'

type AccessHandlers = Pick<CoreHandlers, 'clients.access' | 'clients.bind' | 'policy.reach'>
type Around = {
  deps: Deps
  registry: Pick<Registry, 'list'>
  clients: Pick<ClientsTable, 'all' | 'get' | 'isForeign'>
  changes: Pick<PolicyChanges, 'save'>
  snapshots: Pick<Snapshots, 'files' | 'view'>
}

/** What clients can use, and for whom access policies hold (seed 000, "effective access"). */
export function clientAccessHandlers(around: Around): AccessHandlers {
  const { deps, registry, clients } = around
  const tools = () => registry.list().flatMap((server) => pinnedOf(server).map((pinned) => ({ server, pinned })))
  return {
    'clients.access': ({ id, tenant }) => {
      const client = known(id, tenant, clients)
      const found = tools().map(({ server, pinned }) => toolAccess(client, server, pinned, deps))
      const count = (word: AccessWord) => found.filter(({ access }) => access === word).length
      return {
        ...{ id, name: client.name, tenant: client.tenant === '' ? null : client.tenant },
        tenants: clients.isForeign(id) ? knownTenants(registry, deps.snapshot) : [],
        ...{ snapshot: deps.snapshot()?.hash ?? null, policies: holding(client, deps) },
        counts: {
          ...{ tools: found.length, allowed: count('allowed'), asks: count('asks') },
          ...{ depends: count('depends'), denied: count('denied') },
        },
        tools: found,
      }
    },

    'clients.bind': (input, door) => bind(input, door, around),

    'policy.reach': () => {
      const snapshot = deps.snapshot()
      const all = tools()
      const entries = clients.all().filter(({ revoked }) => revoked === 0)
      const tenants = knownTenants(registry, deps.snapshot)
      const bound = entries.flatMap(({ id, name, tenant, kind }) => {
        const acting = kind === 'oauth' ? ['', ...tenants] : [tenant ?? '']
        const held = acting.flatMap((each) => holding({ id, name, identity: 'verified', tenant: each }, deps))
        return held.map((policy) => ({ id, name, policy: policy.id, tenant: policy.tenant }))
      })
      return [...(snapshot?.access.policies ?? []), ...Object.values(builtInAccess)].map((policy) => ({
        id: policy.id,
        allowed: all.filter(({ server, pinned }) => lets(policy, server, pinned, deps)).length,
        tools: all.length,
        clients: once(bound.filter((each) => each.policy === policy.id)),
      }))
    },
  }
}

/** Each client once for each tenant that a policy holds for. */
function once(held: readonly (PolicyReach['clients'][number] & { policy: string })[]): PolicyReach['clients'] {
  const found = new Map(held.map(({ id, name, tenant }) => [JSON.stringify([id, tenant]), { id, name, tenant }]))
  return [...found.values()]
}

const empty = builtInAccess['mcp.empty'].id

/**
 * Only entries are bound: a name that a client merely claims could be another's. An app that nothing else binds stays bound to
 * `mcp.empty`, which is what it would have anyway: so the change of the files shows that it only tightens, and holds at once.
 */
function bind({ id, policy, bound, ...asked }: Input<'clients.bind'>, door: Door, around: Around) {
  const { deps, clients, changes, snapshots } = around
  const row = clients.get(id)
  if (!row) throw new CallError('NOT_FOUND', `no client \`${printable(id)}\``, 'see `toolgate clients entries`')
  if (bound && row.revoked === 1) throw new CallError('BAD_INPUT', 'the client was revoked')
  const file = snapshots.files().find(({ path, origin }) => origin === 'local' && path === bindingsFile)
  const text = file?.text ?? null
  const foreign = clients.isForeign(id)
  const tenant = asked.tenant ?? null
  const to = { policy, tenant }
  if (bound && tenant !== null && !foreign && row.tenant !== tenant)
    throw new CallError('BAD_INPUT', `it never works for \`${tenant}\``, 'bind it without naming a tenant')
  // With a mistake in the folder what is in force stays, whatever is written.
  const [problem] = snapshots.view().problems
  if (problem) throw new CallError('POLICY_PROBLEM', `${problem.file}:${problem.line}: ${problem.message}`)
  if (!bound && foreign && policy === empty)
    throw new CallError('BAD_INPUT', 'it has nothing until something else is bound')
  const names = foreign ? [id] : [id, row.name]
  const alone = !otherBindings(id, to, deps)
  const changed = bound
    ? withBinding(text, to, id, policy === empty || tenant !== null ? null : empty)
    : foreign && alone
      ? withBinding(withoutBinding(text, to, names), { policy: empty, tenant: null }, id)
      : withoutBinding(text, to, names)
  const whom = tenant === null ? row.name : `${row.name} for ${tenant}`
  const reason = `${bound ? 'binds' : 'no longer binds'} ${policy} to ${whom}`.slice(0, 500)
  try {
    const change = { file: bindingsFile, text: changed, expected_hash: file?.hash ?? null }
    return changes.save(change, { reason, door: door.name })
  } catch (error) {
    // There was no mistake before: a policy that nobody knows is what it can be.
    const known = [...(deps.snapshot()?.access.policies ?? []), ...Object.values(builtInAccess)].map(({ id }) => id)
    if (!bound || known.includes(policy) || !(error instanceof CallError && error.code === 'POLICY_PROBLEM'))
      throw error
    const list = known.map((each) => `\`${each}\``).join(', ')
    throw new CallError('NOT_FOUND', `no access policy \`${printable(policy)}\``, `there are ${list}`)
  }
}

/** Whether local files, but for that one binding, bind the client by its id wherever that one does. */
function otherBindings(id: string, { policy, tenant }: BindingTo, deps: Deps): boolean {
  const bindings = deps.snapshot()?.access.bindings ?? []
  const isIt = (each: Binding) => each.policy.id === policy && each.tenant === tenant && each.file === bindingsFile
  return bindings.some(
    (each) =>
      !isIt(each) &&
      each.origin === 'local' &&
      each.clients.includes(id) &&
      (each.tenant === null || each.tenant === tenant),
  )
}

function pinnedOf({ tools }: Server): PinnedTool[] {
  return [...tools.values()].sort((a, b) => (a.review.name < b.review.name ? -1 : 1))
}

type Client = Askable['client']

/**
 * A client by the id of its entry, and for whom it works: an app for who is asked about, any other for whom its token says. One that has no
 * entry is called `claimed:` and what it calls itself. Throws NOT_FOUND and BAD_INPUT.
 */
function known(id: string, asked: string | undefined, clients: Around['clients']): Client {
  const row = clients.get(id)
  const claimed = /^claimed:(.+)$/s.exec(id)?.[1]
  if (!row && claimed === undefined)
    throw new CallError('NOT_FOUND', `no client \`${id}\``, 'see `toolgate clients entries`')
  if (row?.kind === 'oauth') return { id, name: row.name, identity: 'verified', tenant: asked ?? '' }
  const tenant = row?.tenant ?? ''
  if (asked !== undefined && asked !== tenant)
    throw new CallError('BAD_INPUT', `it never works for \`${asked}\``, 'leave the tenant out')
  return { id, name: row?.name ?? claimed ?? '', identity: row ? 'verified' : 'claimed', tenant }
}

/** The access policies that hold for a client, with what bound them, always and for whom it works. */
function holding({ tenant, ...client }: Client, deps: Deps): HoldingPolicy[] {
  const snapshot = deps.snapshot()
  if (!snapshot) return []
  const user = { id: deps.user, roles: [...snapshot.roles] }
  const who = { client, user, tenant: { client: tenant, server: [] } }
  const { unbound } = accessFacts(deps, client.id)
  const held = new Set(boundAccess(who, snapshot.access, unbound).flat())
  return [...held].flatMap((policy) => {
    const bindings = snapshot.access.bindings.filter((each) => each.policy === policy && holdsFor(each, who))
    return boundBy(bindings, client).map((by) => ({ ...viewed(policy), ...by }))
  })
}

function viewed({ id, origin, description }: AccessPolicy) {
  return { id, origin, description }
}

/** How a policy is bound: to the client itself, once for always and once for its tenant where both are; to a role; or not at all. */
function boundBy(
  bindings: readonly Binding[],
  { id, name }: Envelope['client'],
): Pick<HoldingPolicy, 'by' | 'files' | 'tenant'>[] {
  const own = bindings.filter(({ clients }) => clients.includes(id) || clients.includes(name))
  const [by, bound] = own.length > 0 ? (['client', own] as const) : (['role', bindings] as const)
  if (bound.length === 0) return [{ by: 'unbound', files: [], tenant: null }]
  return [...new Set(bound.map(({ tenant }) => tenant))].map((tenant) => {
    const local = own.filter((each) => each.origin === 'local' && each.tenant === tenant)
    return { by, tenant, files: [...new Set(local.map(({ file }) => file))] }
  })
}

/** Whether an access policy by itself lets a tool through. */
function lets(policy: AccessPolicy, server: Server, pinned: PinnedTool, deps: Deps): boolean {
  const client = { id: 'somebody', name: '', identity: 'verified', tenant: '' } as const
  const asked = { client, generation: 'legacy', kind: 'tool', method: 'tools/call' } as const
  const envelope = bareCall({ ...asked, server, name: pinned.review.name, tool: pinned }, deps)
  const binding = { policy, origin: 'local', file: '', clients: [client.id], roles: [], tenant: null } as const
  const only: Access = { policies: [], bindings: [binding] }
  return accessDenial(envelope, only, 'mcp.empty') === null
}
