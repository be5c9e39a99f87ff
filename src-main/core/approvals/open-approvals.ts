import type { AuditLog } from '../audit/log.ts'
import type { Changes } from '../control/changes.ts'
import { protectedPlaces } from '../envelope/protected.ts'
import { createSparing } from '../fatigue/sparing.ts'
import { createAskedBefore } from '../grants/asked-before.ts'
import { createGrants } from '../grants/grants.ts'
import { pins as pinsIn } from '../grants/pins.ts'
import type { GrantSubject } from '../grants/subject.ts'
import { createTracer } from '../grants/trace.ts'
import type { Clock, Log, Paths, Ports, Secrets } from '../ports.ts'
import type { Registry } from '../registry/registry.ts'
import type { LiveSettings } from '../settings.ts'
import { askedTable } from '../store/asked-table.ts'
import type { Db } from '../store/database.ts'
import { grantsTable } from '../store/grants-table.ts'
import type { ClientsTable, FactsTable } from '../store/registry-tables.ts'
import { openPeople } from './open-people.ts'
import { openProofs } from './open-proofs.ts'
import { createApprovals } from './queue.ts'
import type { Asking } from './who-may.ts'

/** The queue of calls that wait for people, over the grants that their answers give, what these prove, and what spares people. */
export function openApprovals(deps: {
  db: Db
  audit: AuditLog
  secrets: Secrets
  paths: Paths
  clock: Clock
  log: Log
  user: string
  settings: LiveSettings
  record: (event: string, detail: Record<string, unknown>) => void
  cleanup: (() => unknown)[]
  registry: Registry
  notify: Ports['notify']
  clients: Pick<ClientsTable, 'get'>
  facts: FactsTable
  snapshot: Parameters<typeof openPeople>[0]['snapshot']
  changes: Changes
}) {
  const { db, audit, clock, log, user, settings, record, registry, notify, changes } = deps
  const { people, whoMay, pins } = openPeople({
    ...deps,
    onChange() {
      approvals.recheck()
      for (const topic of ['presence', 'approvals'] as const) changes.topic(topic)
    },
  })
  const sparing = createSparing({ clock, record, settings: settings.now })
  const pinOf = pinsIn(registry)
  const grants = createGrants({
    ...{ table: grantsTable(db), clock, user, record, pinOf },
    stillGiven: (call, level, given) => whoMay.enough(level, askingOf(call), given),
    onChange: changes.teller('approvals'),
  })
  const tracer = createTracer(deps)
  const askedBefore = createAskedBefore({
    ...{ table: askedTable(db), settle: audit.settle, clock, tracer, pinOf, places: protectedPlaces(deps.paths) },
  })
  const { proofs, contents } = openProofs(deps)
  const approvals = createApprovals({
    ...{ clock, audit, grants, proofs, user, log, ...sparing, onChange: changes.teller('approvals', 'status') },
    ...{ whoMay, personOf: people.get, several: people.several },
    notify: (told) => notify({ ...told, sound: settings.now().prompt_sound }),
    learn: askedBefore.learn,
    expiresMs: () => settings.now().expires_sec * 1000,
  })
  return { approvals, grants, tracer, askedBefore, proofs, contents, sparing, people, whoMay, pins }
}

function askingOf({ client, known }: GrantSubject): Asking {
  return { id: client.id, identity: known ? 'verified' : 'claimed' }
}
