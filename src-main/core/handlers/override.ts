import { CallError } from '../../../shared/call-errors.ts'
import type { OverrideState, OverrideView } from '../../../shared/override.ts'
import type { Approvals } from '../approvals/queue.ts'
import type { Changes } from '../control/changes.ts'
import { type CoreHandlers, nameAt } from '../control/handlers.ts'
import type { Clock, Log } from '../ports.ts'
import type { Registry } from '../registry/registry.ts'
import type { Snapshots } from '../snapshots/snapshots.ts'
import type { Incidents } from '../stop/incidents.ts'
import { createOverrides, type Overrides } from '../stop/overrides.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import type { RecordEvent } from './servers.ts'

/** The calls about overrides. */
export type OverrideHandlers = Pick<CoreHandlers, Extract<keyof CoreHandlers, `override.${string}`>>

type Around = {
  registry: Registry
  clients: ClientsTable
  snapshots: Snapshots
  approvals: Approvals
  changes: Changes
}

type Deps = Around & { clock: Clock; log: Log; record: RecordEvent; incidents: Incidents }

/** Overrides of this gateway. What forbids observe mode forbids them: both let through what policy would stop. */
export function openOverrides({
  registry,
  clients,
  snapshots,
  approvals,
  changes,
  incidents,
  ...rest
}: Deps): Overrides {
  return createOverrides({
    ...rest,
    boundOf(scope, name) {
      if (scope === 'server') return registry.find(name)?.added_at ?? null
      return scope === 'client' && clients.get(name)?.revoked !== 0 ? null : name
    },
    forbidden: () => snapshots.current()?.observe === 'forbidden',
    incident: (of, reason, who) => incidents.begin('override', of, reason, who).id,
    onChange() {
      approvals.recheck()
      changes.topic('status')
    },
  })
}

/** Where overrides are on, as people see them. */
export function overrideViews(overrides: Overrides, clients: Pick<ClientsTable, 'get'>): OverrideView[] {
  return overrides.list().map(({ scope, name, reason, by, startedAt, endsAt, calls, incident }) => ({
    ...{ scope, name, reason, calls, incident, started_by: by },
    title: scope === 'client' ? (clients.get(name)?.name ?? name) : name,
    started_at: new Date(startedAt).toISOString(),
    ends_at: new Date(endsAt).toISOString(),
  }))
}

type HandlerDeps = Pick<Around, 'registry' | 'clients' | 'snapshots'> & { overrides: Overrides; user: string }

/** Overrides: a person begins one at the approval page, with the proof that level 4 takes; anybody ends it. */
export function overrideHandlers({ overrides, registry, clients, snapshots, user }: HandlerDeps): OverrideHandlers {
  const isForbidden = () => snapshots.current()?.observe === 'forbidden'
  const state = (): OverrideState => ({ overrides: overrideViews(overrides, clients), forbidden: isForbidden() })
  return {
    'override.show': state,

    'override.start': async ({ scope, minutes, reason, pin }, door) => {
      if (door.name !== 'approval') throw new CallError('FORBIDDEN_AT_DOOR')
      if (isForbidden()) throw new CallError('OVERRIDE_FORBIDDEN')
      if (scope.server !== undefined) registry.need(scope.server)
      if (scope.client !== undefined && clients.get(scope.client)?.revoked !== 0) {
        throw new CallError('NOT_FOUND', `no client \`${scope.client}\``, 'see `toolgate clients entries`')
      }
      await door.answering.again(pin, 'let calls run that policy would stop')
      // Policy may have changed while the person was asked.
      if (isForbidden()) throw new CallError('OVERRIDE_FORBIDDEN')
      overrides.start(scope, { minutes, reason, by: nameAt(door, user), door: door.name })
      return state()
    },

    'override.end': ({ scope }, door) => {
      overrides.end(scope, { by: nameAt(door, user), door: door.name })
      return state()
    },
  }
}
