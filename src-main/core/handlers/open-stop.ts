import type { Approvals } from '../approvals/queue.ts'
import type { AuditLog } from '../audit/log.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Clock, Log } from '../ports.ts'
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
  /** Where calls run and wait; asked when something is stopped, as they come later than this. */
  calls: () => { gateway: Gateway; approvals: Approvals }
}

/** What `openStop` gives. */
export type Stop = ReturnType<typeof openStop>

/** What is stopped in this gateway, and the one way to stop. */
export function openStop({ db, clock, log, record, audit, clients, calls }: Deps) {
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
  return { halts, stopping, incidents, view: () => haltViews(halts, clients) }
}
