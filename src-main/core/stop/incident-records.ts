import type { StoredEntry } from '../../../shared/audit.ts'
import type { IncidentRecord } from '../../../shared/incidents.ts'
import type { Incident } from './incidents.ts'

/** How far back from when an incident was opened its records reach, in milliseconds. */
const beforeMs = 15 * 60_000

const pageSize = 100
/** Records that are looked through for one page: of a client few of many may be. */
const mostRead = 20_000

/** Newest first, at most 1,000 at once; `before`: only records with a smaller number. */
type Tail = (query: { limit: number; before?: number; server?: string }) => StoredEntry[]

/** A page of the records that belong to an incident, newest first, and where the next one begins; null when that was all. */
export function recordsOf(
  incident: Incident,
  tail: Tail,
  before = Number.MAX_SAFE_INTEGER,
): { records: IncidentRecord[]; next: number | null } {
  const from = incident.opened_at - beforeMs
  let at = Math.min(before, incident.closed_seq === null ? before : incident.closed_seq + 1)
  const records: IncidentRecord[] = []
  for (let read = 0; read < mostRead; ) {
    const page = tail({ limit: 1_000, before: at })
    for (const entry of page) {
      // What was recorded before it was opened counts by its time; by its number alone a clock that jumped would hide it.
      if (entry.seq <= incident.opened_seq && Date.parse(entry.timestamp) < from) return { records, next: null }
      at = entry.seq
      if (belongs(entry, incident)) records.push(shown(entry))
      if (records.length === pageSize) return { records, next: at }
    }
    if (page.length < 1_000) return { records, next: null }
    read += page.length
  }
  return { records, next: at }
}

function belongs(entry: StoredEntry, { id, scope, name }: Incident): boolean {
  if (scope === 'all') return true
  if (entry.kind === 'call') return name === (scope === 'server' ? entry.tool_server : entry.agent_id)
  const { detail } = entry
  if (detail.incident_id === id) return true
  return scope === 'server' ? detail.server === name : detail.client === name || detail.client_id === name
}

function shown(entry: StoredEntry): IncidentRecord {
  const { seq, timestamp: at } = entry
  if (entry.kind === 'call') {
    const { state, call_id, agent_name, tool_server, tool_name } = entry
    const detail = [entry.policy_decision, entry.answer, entry.outcome, entry.reason_code, entry.reason]
    const said = detail.filter((it) => it !== undefined).join(', ')
    return { seq, at, what: state, call_id, client: agent_name, server: tool_server, tool: tool_name, detail: said }
  }
  const { server, client, tool, incident_id: _id, ...rest } = entry.detail
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const said = Object.entries(rest).map(
    ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return {
    ...{ seq, at, what: entry.event, call_id: null },
    ...{ client: text(client), server: text(server), tool: text(tool), detail: said.join(', ').slice(0, 2_000) },
  }
}
