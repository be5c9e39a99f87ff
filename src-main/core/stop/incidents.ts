import { z } from 'zod'
import { CallError } from '../../../shared/call-errors.ts'
import { type IncidentKind, type IncidentNote, incidentKinds } from '../../../shared/incidents.ts'
import { type HaltScope, haltScopes } from '../../../shared/stop.ts'
import { newId } from '../ids.ts'
import type { Clock, Log } from '../ports.ts'
import type { IncidentsTable } from '../store/stop-tables.ts'

const Body = z.strictObject({
  id: z.string(),
  kind: z.enum(incidentKinds),
  scope: z.enum(haltScopes),
  name: z.string(),
  why: z.string(),
  /** Milliseconds since 1970; `closed_at` null while it is open. */
  opened_at: z.int(),
  opened_by: z.string(),
  opened_door: z.string(),
  closed_at: z.int().nullable(),
  closed_by: z.string(),
  conclusion: z.string(),
  /** Number of the newest record when it was opened, and when it was closed. */
  opened_seq: z.int(),
  closed_seq: z.int().nullable(),
})

/** An incident as it is kept. */
export type Incident = z.infer<typeof Body>

const mostListed = 200
/** One incident can be noted to so often: what an agent with a shell adds must not fill the disk. */
const mostNotes = 1_000

type Who = { by: string; door: string }
type Deps = {
  table: IncidentsTable
  clock: Clock
  log: Log
  record: (event: string, detail: Record<string, unknown>) => void
  /** Number of the newest record. */
  newest: () => number
}

export type Incidents = ReturnType<typeof createIncidents>

/** What people look into: opened by a stop, a gate, an override or by hand, added to, and closed once with a conclusion. */
export function createIncidents({ table, clock, log, record, newest }: Deps) {
  const list = () => table.list(mostListed).flatMap((body) => read(body, log) ?? [])
  /** Kept in memory: status asks, for every page. */
  let open = list().filter(({ closed_at }) => closed_at === null).length

  function need(id: string): Incident {
    const body = table.get(id)
    const found = body === null ? null : read(body, log)
    if (!found) throw new CallError('NOT_FOUND', `no incident \`${id}\``, 'see `toolgate incidents list`')
    return found
  }

  function note({ id }: Incident, text: string, { by, door }: Who): void {
    if (table.notes(id).length >= mostNotes) throw new CallError('TOO_LARGE', 'this incident holds a thousand notes')
    record('incident.noted', { incident_id: id, text, by, door })
    const kept: IncidentNote = { at: new Date(clock.now()).toISOString(), by, door, text }
    table.addNote(id, JSON.stringify(kept))
  }

  return {
    list,
    need,
    note,
    open: () => open,
    notes: (id: string): IncidentNote[] => table.notes(id).map((body) => JSON.parse(body) as IncidentNote),

    /** Opens one, or notes to the one of this kind and scope that is open. Throws when it cannot be written. */
    begin(kind: IncidentKind, of: { scope: HaltScope; name: string }, why: string, who: Who): Incident {
      const same = list().find(
        (it) => it.closed_at === null && it.kind === kind && it.scope === of.scope && it.name === of.name,
      )
      if (same && kind !== 'manual') {
        note(same, why === '' ? 'again' : `again: ${why}`, who)
        return same
      }
      const [now, opened_seq] = [clock.now(), newest()]
      const id = newId('incident', now)
      const { scope, name } = of
      record('incident.opened', { incident_id: id, kind, scope, ...(name === '' ? {} : { name }), why, ...who })
      const opened = {
        id,
        kind,
        scope,
        name,
        why,
        opened_at: now,
        opened_by: who.by,
        opened_door: who.door,
        opened_seq,
      }
      const incident = { ...opened, closed_at: null, closed_by: '', conclusion: '', closed_seq: null }
      table.put(id, JSON.stringify(incident), now, false)
      open += 1
      return incident
    },

    /** Closes one, for good. Throws `CallError` CONFLICT when it is closed already. */
    close(id: string, conclusion: string, { by, door }: Who): Incident {
      const incident = need(id)
      if (incident.closed_at !== null) throw new CallError('CONFLICT', 'it is closed already')
      record('incident.closed', { incident_id: id, conclusion, by, door })
      const closed = { ...incident, closed_at: clock.now(), closed_by: by, conclusion, closed_seq: newest() }
      table.put(id, JSON.stringify(closed), incident.opened_at, true)
      open -= 1
      return closed
    },
  }
}

function read(body: string, log: Log): Incident | null {
  try {
    return Body.parse(JSON.parse(body))
  } catch (error) {
    log.error('an incident cannot be read', { error: String(error) })
    return null
  }
}
