import type { StoredEntry } from '../../../shared/audit.ts'
import type { Approvals } from '../approvals/queue.ts'
import type { AuditLog } from '../audit/log.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Clock, Log, Ports } from '../ports.ts'
import type { LiveSettings } from '../settings.ts'
import { createGates } from '../stop/gates.ts'
import { createHalts } from '../stop/halts.ts'
import { createIncidents } from '../stop/incidents.ts'
import { createStopping } from '../stop/stopping.ts'
import type { Db } from '../store/database.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import { haltsTable, incidentsTable } from '../store/stop-tables.ts'
import type { RecordEvent } from './servers.ts'
import { haltViews } from './stop.ts'

type Deps = {
  db: Db
  clock: Clock
  log: Log
  record: RecordEvent
  audit: Pick<AuditLog, 'tail'>
  clients: ClientsTable
  notify: Ports['notify']
  settings: LiveSettings
  /** Hear of every record. */
  heard: ((entries: readonly StoredEntry[]) => void)[]
  /** Where calls run and wait; asked when something is stopped, as they come later than this. */
  calls: () => { gateway: Gateway; approvals: Approvals }
}

/** What `openStop` gives. */
export type Stop = ReturnType<typeof openStop>

/** What is stopped in this gateway, and the one way to stop. */
export function openStop({ db, clock, log, record, audit, clients, notify, settings, heard, calls }: Deps) {
  const halts = createHalts({ table: haltsTable(db), log })
  const incidents = createIncidents({
    ...{ table: incidentsTable(db), clock, log, record },
    newest: () => audit.tail({ limit: 1 })[0]?.seq ?? 0,
  })
  const stopping = createStopping({
    ...{ halts, clock, record, incidents },
    cut(which) {
      const { gateway, approvals } = calls()
      gateway.halt(which)
      approvals.cancel(which)
    },
  })
  const gates = createGates({
    ...{ clock, log, settings: () => settings.now().gates },
    isHalted: (scope, name) => halts.list().some((halt) => halt.scope === scope && halt.name === name),
    trip({ gate, scope, name, reason }) {
      const title = scope === 'client' ? (clients.get(name)?.name ?? name) : name
      notify({ kind: 'warning', title: `${title || 'everything'} is stopped`, body: `${reason}; see the incident` })
      stopping.stop({ scope, name, reason, by: 'Toolgate', door: 'gate', tripped_by: gate })
    },
  })
  heard.push(gates.note)
  // The log says first of all that it found itself damaged, before anybody hears of its records.
  gates.note(audit.tail({ limit: 1 }))
  return { halts, stopping, incidents, view: () => haltViews(halts, clients) }
}
