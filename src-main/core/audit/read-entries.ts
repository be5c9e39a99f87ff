import { hash } from 'node:crypto'
import type { CallEntry, StoredEntry } from '../../../shared/audit.ts'
import type { Log } from '../ports.ts'
import type { AuditTable, EntryQuery } from '../store/audit-table.ts'
import type { OpenCalls } from './recover.ts'

const mostAtOnce = 1000

/** Records for people to read. One whose text is damaged is left out and named in the log file; verification tells more. */
export function readTail(table: AuditTable, query: EntryQuery, log: Log): StoredEntry[] {
  const limit = Math.min(Math.max(Math.trunc(query.limit), 1), mostAtOnce)
  return table.find({ ...query, limit }).flatMap(({ seq, body }) => parse(seq, body, log) ?? [])
}

/** The records of one call, oldest first, with the hash of what is stored. */
export function readCall(table: AuditTable, callId: string, log: Log): (StoredEntry & { hash: string })[] {
  return table
    .find({ callId, limit: mostAtOnce })
    .toReversed()
    .flatMap(({ seq, body }) => {
      const entry = parse(seq, body, log)
      return entry ? [{ ...entry, hash: hash('sha256', body) }] : []
    })
}

/** The last record of each open call, oldest first. */
export function readOpenCalls(table: AuditTable, open: OpenCalls, log: Log): { call_id: string; last: StoredEntry }[] {
  const oldestFirst = [...open].sort(([, a], [, b]) => a - b)
  return oldestFirst.flatMap(([call_id, seq]) => {
    const last = parse(seq, table.entry(seq)?.body?.toString() ?? '', log)
    return last ? [{ call_id, last }] : []
  })
}

/** The record that closes a call which an earlier process left open: what identifies the call, and that it was interrupted. */
export function interrupted(last: StoredEntry & CallEntry): CallEntry {
  return {
    ...pick(last, identifying),
    kind: 'call',
    state: 'closed',
    outcome: 'interrupted',
    reason_code: 'INTERRUPTED',
    reason: `Toolgate ended while this call was \`${last.state}\``,
  }
}

const identifying = [
  'call_id',
  'correlation_id',
  'session_id',
  'user_id',
  'agent_id',
  'agent_name',
  'agent_identity',
  'tenant',
  'tool_server',
  'tool_name',
  'purpose',
  'tool_action',
  'tool_fingerprint',
  'data_classification',
  'protocol_generation',
  'arguments_hash',
  'policy_decision',
  'rule_ids',
  'snapshot_hash',
  'risk_score',
  'approval_id',
  'grant_id',
  'attempt',
] as const satisfies (keyof CallEntry)[]

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.filter((key) => key in from).map((key) => [key, from[key]])) as Pick<T, K>
}

function parse(seq: number, body: string, log: Log): StoredEntry | null {
  try {
    return JSON.parse(body) as StoredEntry
  } catch {
    log.error('an audit record cannot be read; see `toolgate audit verify`', { record: seq })
    return null
  }
}
