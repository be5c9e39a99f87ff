import { CallError } from '../../../shared/call-errors.ts'
import type { ObserveState, ObserveView } from '../../../shared/observe.ts'
import type { CoreHandlers } from '../control/handlers.ts'
import type { Observe } from '../observe/observe.ts'
import type { Registry } from '../registry/registry.ts'
import type { ClientsTable } from '../store/registry-tables.ts'

type ObserveHandlers = Pick<CoreHandlers, 'observe.show' | 'observe.start' | 'observe.stop'>

type Observed = { registry: Registry; clients: ClientsTable }

/** What observe mode can be on for, and what stands for it: not its name, under which another server can be registered. */
export function observable({ registry, clients }: Observed) {
  return {
    boundOf(scope: ObserveView['scope'], name: string): string | null {
      if (scope === 'server') return registry.find(name)?.added_at ?? null
      return scope === 'client' && clients.isRevoked(name) ? null : name
    },
    titleOf(scope: ObserveView['scope'], name: string): string {
      return scope === 'client' ? (clients.get(name)?.name ?? name) : name
    },
  }
}

type Deps = Observed & { observe: Observe; forbidden: () => boolean; user: string }

/** Observe mode: a person turns it on, anybody turns it off. */
export function observeHandlers({ observe, forbidden, registry, clients, user }: Deps): ObserveHandlers {
  const state = (): ObserveState => ({ observing: observe.view(), forbidden: forbidden() })
  return {
    'observe.show': state,

    'observe.start': ({ scope, days, reason }, door) => {
      if (forbidden()) throw new CallError('OBSERVE_FORBIDDEN')
      if (scope.server !== undefined) registry.need(scope.server)
      const client = scope.client === undefined ? null : clients.get(scope.client)
      if (scope.client !== undefined && client?.revoked !== 0)
        throw new CallError('NOT_FOUND', `no client \`${scope.client}\``)
      observe.start(scope, { days, reason, by: user, door: door.name })
      return state()
    },

    'observe.stop': ({ scope }, door) => {
      observe.stop(scope, { door: door.name })
      return state()
    },
  }
}
