import type { IncidentView } from '../../../shared/incidents.ts'
import type { AuditLog } from '../audit/log.ts'
import { type CoreHandlers, nameAt } from '../control/handlers.ts'
import { named } from '../stop/halts.ts'
import { recordsOf } from '../stop/incident-records.ts'
import type { Incident, Incidents } from '../stop/incidents.ts'
import type { ClientsTable } from '../store/registry-tables.ts'

/** The calls about incidents. */
export type IncidentHandlers = Pick<CoreHandlers, Extract<keyof CoreHandlers, `incidents.${string}`>>

type Deps = {
  incidents: Incidents
  audit: Pick<AuditLog, 'tail'>
  clients: Pick<ClientsTable, 'get'>
  user: string
}

/** Incidents: everybody may open one and add to it, a person closes it. */
export function incidentHandlers({ incidents, audit, clients, user }: Deps): IncidentHandlers {
  const view = (incident: Incident): IncidentView => {
    const { opened_at, closed_at, opened_seq: _from, closed_seq: _through, ...rest } = incident
    const { scope, name } = rest
    return {
      ...rest,
      title: scope === 'client' ? (clients.get(name)?.name ?? name) : name,
      opened_at: new Date(opened_at).toISOString(),
      closed_at: closed_at === null ? null : new Date(closed_at).toISOString(),
    }
  }

  return {
    'incidents.list': () => incidents.list().map(view),

    'incidents.show': ({ id, before }) => {
      const incident = incidents.need(id)
      const { records, next } = recordsOf(incident, audit.tail, before)
      return { incident: view(incident), notes: incidents.notes(id), records, next }
    },

    'incidents.open': ({ why, ...target }, door) => {
      const [scope, name] = named(target)
      return view(incidents.begin('manual', { scope, name }, why, { by: nameAt(door, user), door: door.name }))
    },

    'incidents.note': ({ id, text }, door) => {
      const incident = incidents.need(id)
      incidents.note(incident, text, { by: nameAt(door, user), door: door.name })
      return view(incident)
    },

    'incidents.close': ({ id, conclusion }, door) =>
      view(incidents.close(id, conclusion, { by: nameAt(door, user), door: door.name })),
  }
}
