import { bindingsFile } from '../../../shared/bindings-file.ts'
import { CallError } from '../../../shared/call-errors.ts'
import type { Input } from '../../../shared/calls.ts'
import type { AccessWord, HoldingPolicy } from '../../../shared/client-access.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import { printable } from '../../../shared/printable.ts'
import type { CoreHandlers, Door } from '../control/handlers.ts'
import { bareCall } from '../pipeline/bare-call.ts'
import type { Deps } from '../pipeline/call.ts'
import { accessFacts } from '../pipeline/decide.ts'
import { toolAccess } from '../pipeline/tool-access.ts'
import { type Access, type AccessPolicy, accessDenial, boundAccess, builtInAccess } from '../policy/access.ts'
import { withBinding, withoutBinding } from '../policy/edit-bindings.ts'
import type { PinnedTool, Server } from '../registry/server-record.ts'
import type { PolicyChanges } from '../snapshots/change-policy.ts'
import type { Snapshots } from '../snapshots/snapshots.ts'
import type { ClientsTable } from '../store/registry-tables.ts'

type AccessHandlers = Pick<CoreHandlers, 'clients.access' | 'clients.bind' | 'policy.reach'>
type Around = {
  deps: Deps
  registry: { list: () => readonly Server[] }
  clients: Pick<ClientsTable, 'all' | 'get' | 'isForeign'>
  changes: Pick<PolicyChanges, 'save'>
  snapshots: Pick<Snapshots, 'files' | 'view'>
}

/** What clients can use, and for whom access policies hold (seed 000, "effective access"). */
export function clientAccessHandlers(around: Around): AccessHandlers {
  const { deps, registry, clients } = around
  const tools = () => registry.list().flatMap((server) => pinnedOf(server).map((pinned) => ({ server, pinned })))
  return {
    'clients.access': ({ id }) => {
      const client = known(id, clients)
      const found = tools().map(({ server, pinned }) => toolAccess(client, server, pinned, deps))
      const count = (word: AccessWord) => found.filter(({ access }) => access === word).length
      return {
        ...{ id, name: client.name, snapshot: deps.snapshot()?.hash ?? null, policies: holding(client, deps) },
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
      const bound = entries.map(({ id, name }) => ({
        ...{ id, name },
        policies: holding({ id, name, identity: 'verified' }, deps).map((policy) => policy.id),
      }))
      return [...(snapshot?.access.policies ?? []), ...Object.values(builtInAccess)].map((policy) => ({
        id: policy.id,
        allowed: all.filter(({ server, pinned }) => lets(policy, server, pinned, deps)).length,
        tools: all.length,
        clients: bound.filter(({ policies }) => policies.includes(policy.id)).map(({ id, name }) => ({ id, name })),
      }))
    },
  }
}

const empty = builtInAccess['mcp.empty'].id

/**
 * Only entries are bound: a name that a client merely claims could be another's. An app that nothing else binds stays bound to
 * `mcp.empty`, which is what it would have anyway: so the change of the files shows that it only tightens, and holds at once.
 */
function bind({ id, policy, bound }: Input<'clients.bind'>, door: Door, around: Around) {
  const { deps, clients, changes, snapshots } = around
  const row = clients.get(id)
  if (!row) throw new CallError('NOT_FOUND', `no client \`${printable(id)}\``)
  if (bound && row.revoked === 1) throw new CallError('BAD_INPUT', 'the client was revoked')
  const file = snapshots.files().find(({ path, origin }) => origin === 'local' && path === bindingsFile)
  const text = file?.text ?? null
  const foreign = clients.isForeign(id)
  // With a mistake in the folder what is in force stays, whatever is written.
  const [problem] = snapshots.view().problems
  if (problem) throw new CallError('POLICY_PROBLEM', `${problem.file}:${problem.line}: ${problem.message}`)
  if (!bound && foreign && policy === empty)
    throw new CallError('BAD_INPUT', 'it has nothing until something else is bound')
  const names = foreign ? [id] : [id, row.name]
  const alone = !otherBindings(id, policy, deps)
  const changed = bound
    ? withBinding(text, policy, id, policy === empty ? null : empty)
    : foreign && alone
      ? withBinding(withoutBinding(text, policy, names), empty, id)
      : withoutBinding(text, policy, names)
  const reason = `${bound ? 'binds' : 'no longer binds'} ${policy} to ${row.name}`.slice(0, 500)
  return changes.save(
    { file: bindingsFile, text: changed, expected_hash: file?.hash ?? null },
    { reason, door: door.name },
  )
}

/** Whether local files, but for that one binding, bind the client by its id. */
function otherBindings(id: string, policy: string, deps: Deps): boolean {
  const bindings = deps.snapshot()?.access.bindings ?? []
  const others = bindings.filter(({ policy: of, file }) => of.id !== policy || file !== bindingsFile)
  return others.some(({ origin, clients }) => origin === 'local' && clients.includes(id))
}

function pinnedOf({ tools }: Server): PinnedTool[] {
  return [...tools.values()].sort((a, b) => (a.review.name < b.review.name ? -1 : 1))
}

/** A client by the id of its entry; one that has none is called `claimed:` and what it calls itself. Throws NOT_FOUND. */
function known(id: string, clients: Around['clients']): Envelope['client'] {
  const row = clients.get(id)
  if (row) return { id, name: row.name, identity: 'verified' }
  const claimed = /^claimed:(.+)$/s.exec(id)?.[1]
  if (claimed === undefined) throw new CallError('NOT_FOUND', `no client \`${id}\``)
  return { id, name: claimed, identity: 'claimed' }
}

/** The access policies that hold for a client, with what bound them. */
function holding(client: Envelope['client'], deps: Deps): HoldingPolicy[] {
  const snapshot = deps.snapshot()
  if (!snapshot) return []
  const who = { client, user: { id: deps.user, roles: [...snapshot.roles] } }
  const { unbound } = accessFacts(deps, client.id)
  return boundAccess(who, snapshot.access, unbound)
    .flat()
    .map((policy) => ({ ...viewed(policy), ...boundBy(policy, snapshot.access, client) }))
}

function viewed({ id, origin, description }: AccessPolicy) {
  return { id, origin, description }
}

function boundBy(
  policy: AccessPolicy,
  { bindings }: Access,
  { id, name }: Envelope['client'],
): Pick<HoldingPolicy, 'by' | 'files'> {
  const bound = bindings.filter((binding) => binding.policy === policy)
  if (bound.length === 0) return { by: 'unbound', files: [] }
  const own = bound.filter(({ clients }) => clients.includes(id) || clients.includes(name))
  const files = own.filter(({ origin }) => origin === 'local').map(({ file }) => file)
  return { by: own.length > 0 ? 'client' : 'role', files: [...new Set(files)] }
}

/** Whether an access policy by itself lets a tool through. */
function lets(policy: AccessPolicy, server: Server, pinned: PinnedTool, deps: Deps): boolean {
  const client = { id: 'somebody', name: '', identity: 'verified' } as const
  const asked = { client, generation: 'legacy', kind: 'tool', method: 'tools/call' } as const
  const envelope = bareCall({ ...asked, server, name: pinned.review.name, tool: pinned }, deps)
  const binding = { policy, origin: 'local', file: '', clients: [client.id], roles: [] } as const
  const only: Access = { policies: [], bindings: [binding] }
  return accessDenial(envelope, only, 'mcp.empty') === null
}
