import type { Approvals } from '../approvals/queue.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Clock, Log } from '../ports.ts'
import { createHalts } from '../stop/halts.ts'
import { createStopping } from '../stop/stopping.ts'
import type { Db } from '../store/database.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import { haltsTable } from '../store/stop-tables.ts'
import type { RecordEvent } from './servers.ts'
import { haltViews } from './stop.ts'

type Deps = {
  db: Db
  clock: Clock
  log: Log
  record: RecordEvent
  clients: ClientsTable
  /** Where calls run and wait; asked when something is stopped, as they come later than this. */
  calls: () => { gateway: Gateway; approvals: Approvals }
}

/** What `openStop` gives. */
export type Stop = ReturnType<typeof openStop>

/** What is stopped in this gateway, and the one way to stop. */
export function openStop({ db, clock, log, record, clients, calls }: Deps) {
  const halts = createHalts({ table: haltsTable(db), log })
  const stopping = createStopping({
    ...{ halts, clock, record },
    cut(which) {
      const { gateway, approvals } = calls()
      gateway.halt(which)
      approvals.cancel(which)
    },
  })
  return { halts, stopping, view: () => haltViews(halts, clients) }
}
