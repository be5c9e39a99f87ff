import { CallError } from '../../../shared/call-errors.ts'
import type { HaltTarget, HaltView } from '../../../shared/stop.ts'
import { type CoreHandlers, nameAt } from '../control/handlers.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Registry } from '../registry/registry.ts'
import { type Halt, type Halts, named } from '../stop/halts.ts'
import type { Stopping } from '../stop/stopping.ts'
import type { ClientsTable } from '../store/registry-tables.ts'

/** The calls by which people stop and resume. */
export type StopHandlers = Pick<CoreHandlers, 'stop' | 'resume'>

type Deps = {
  halts: Halts
  stopping: Stopping
  registry: Registry
  clients: ClientsTable
  gateway: Pick<Gateway, 'sessions'>
  user: string
}

/** Characters of a reason that are kept: whoever stops in a hurry is not refused for saying much. */
const reasonLength = 500

/** Stopping, for anybody, and letting go on, for a person at the approval page. */
export function stopHandlers({ halts, stopping, registry, clients, gateway, user }: Deps): StopHandlers {
  /** A name that nothing has would look stopped and stop nothing. */
  function mustExist({ server, client }: HaltTarget): void {
    if (server !== undefined) registry.need(server)
    if (client === undefined || clients.get(client) !== null) return
    const open = gateway.sessions().some((session) => session.client.id === client)
    if (!open) throw new CallError('NOT_FOUND', `no client \`${client}\``, 'see `toolgate clients entries`')
  }

  return {
    stop: ({ reason, ...target }, door) => {
      mustExist(target)
      const [scope, name] = named(target)
      stopping.stop({
        scope,
        name,
        reason: reason.slice(0, reasonLength),
        by: nameAt(door, user),
        door: door.name,
        tripped_by: null,
      })
      return {}
    },

    resume: (target, door) => {
      const halt = halts.find(target)
      if (!halt) throw new CallError('NOT_FOUND', 'this is not stopped')
      stopping.resume(halt, { by: nameAt(door, user), door: door.name })
      return {}
    },
  }
}

/** What is halted, as people see it: everything first, then the oldest. */
export function haltViews(halts: Halts, clients: Pick<ClientsTable, 'get'>): HaltView[] {
  const rank = ({ scope, since }: Halt) => (scope === 'all' ? -1 : (since ?? 0))
  return halts
    .list()
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ since, ...halt }) => ({
      ...halt,
      title: halt.scope === 'client' ? (clients.get(halt.name)?.name ?? halt.name) : halt.name,
      since: since === null ? null : new Date(since).toISOString(),
    }))
}
