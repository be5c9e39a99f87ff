import { CallError } from '../../../shared/call-errors.ts'
import type { AccessWord, HoldingPolicy } from '../../../shared/client-access.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import type { CoreHandlers } from '../control/handlers.ts'
import { bareCall } from '../pipeline/bare-call.ts'
import type { Deps } from '../pipeline/call.ts'
import { accessFacts } from '../pipeline/decide.ts'
import { toolAccess } from '../pipeline/tool-access.ts'
import { type Access, type AccessPolicy, accessDenial, boundAccess, builtInAccess } from '../policy/access.ts'
import type { PinnedTool, Server } from '../registry/server-record.ts'
import type { ClientsTable } from '../store/registry-tables.ts'

type AccessHandlers = Pick<CoreHandlers, 'clients.access' | 'policy.reach'>
type Around = { deps: Deps; registry: { list: () => readonly Server[] }; clients: Pick<ClientsTable, 'all' | 'get'> }

/** What clients can use, and for whom access policies hold (seed 000, "effective access"). */
export function clientAccessHandlers({ deps, registry, clients }: Around): AccessHandlers {
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
    .map((policy) => ({ ...viewed(policy), by: boundBy(policy, snapshot.access, client) }))
}

function viewed({ id, origin, description }: AccessPolicy) {
  return { id, origin, description }
}

function boundBy(policy: AccessPolicy, { bindings }: Access, { id, name }: Envelope['client']): HoldingPolicy['by'] {
  const bound = bindings.filter((binding) => binding.policy === policy)
  if (bound.length === 0) return 'unbound'
  return bound.some(({ clients }) => clients.includes(id) || clients.includes(name)) ? 'client' : 'role'
}

/** Whether an access policy by itself lets a tool through. */
function lets(policy: AccessPolicy, server: Server, pinned: PinnedTool, deps: Deps): boolean {
  const client = { id: 'somebody', name: '', identity: 'verified' } as const
  const asked = { client, generation: 'legacy', kind: 'tool', method: 'tools/call' } as const
  const envelope = bareCall({ ...asked, server, name: pinned.review.name, tool: pinned }, deps)
  const only: Access = { policies: [], bindings: [{ policy, origin: 'local', clients: [client.id], roles: [] }] }
  return accessDenial(envelope, only, 'mcp.empty') === null
}
