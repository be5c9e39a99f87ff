import { CallError } from '../../../shared/call-errors.ts'
import type { ObserveState } from '../../../shared/observe.ts'
import type { Approvals } from '../approvals/queue.ts'
import type { Changes } from '../control/changes.ts'
import { type CoreHandlers, nameAt } from '../control/handlers.ts'
import { createObserve, type Observe, type ObserveDeps } from '../observe/observe.ts'
import type { Registry } from '../registry/registry.ts'
import type { Snapshots } from '../snapshots/snapshots.ts'
import type { ClientsTable } from '../store/registry-tables.ts'

type ObserveHandlers = Pick<CoreHandlers, 'observe.show' | 'observe.start' | 'observe.stop'>

type Observed = {
  registry: Registry
  clients: ClientsTable
  snapshots: Snapshots
  approvals: Approvals
  changes: Changes
}

/** Observe mode of this gateway. What stands for a server is not its name, under which another can be registered. */
export function observeCalls({
  registry,
  clients,
  snapshots,
  approvals,
  changes,
  ...rest
}: Observed & Omit<ObserveDeps, 'boundOf' | 'titleOf' | 'forbidden' | 'onChange'>): Observe {
  return createObserve({
    ...rest,
    boundOf(scope, name) {
      if (scope === 'server') return registry.find(name)?.added_at ?? null
      return scope === 'client' && clients.isRevoked(name) ? null : name
    },
    titleOf: (scope, name) => (scope === 'client' ? (clients.get(name)?.name ?? name) : name),
    forbidden: () => isForbidden(snapshots),
    onChange() {
      approvals.recheck()
      changes.topic('status')
    },
  })
}

function isForbidden(snapshots: Snapshots): boolean {
  return snapshots.current()?.observe === 'forbidden'
}

/** Observe mode: a person turns it on, anybody turns it off. */
export function observeHandlers({
  observe,
  registry,
  clients,
  snapshots,
  user,
}: Observed & { observe: Observe; user: string }): ObserveHandlers {
  const state = (): ObserveState => ({ observing: observe.view(), forbidden: isForbidden(snapshots) })
  return {
    'observe.show': state,

    'observe.start': ({ scope, days, reason }, door) => {
      if (isForbidden(snapshots)) throw new CallError('OBSERVE_FORBIDDEN')
      if (scope.server !== undefined) registry.need(scope.server)
      const client = scope.client === undefined ? null : clients.get(scope.client)
      if (scope.client !== undefined && client?.revoked !== 0)
        throw new CallError('NOT_FOUND', `no client \`${scope.client}\``, 'see `toolgate clients entries`')
      observe.start(scope, { days, reason, by: nameAt(door, user), door: door.name })
      return state()
    },

    'observe.stop': ({ scope }, door) => {
      observe.stop(scope, { door: door.name })
      return state()
    },
  }
}
