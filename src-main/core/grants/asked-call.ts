import type { CallEntry, StoredEntry } from '../../../shared/audit.ts'
import { type AskedTrace, parsePicture } from '../replay/picture.ts'
import type { AskedRow } from '../store/asked-table.ts'

/** A call that a person was asked about, from the record: what grants look at, and how the request ended. */
export type AskedCall = {
  id: string
  at: string
  approvalId: string
  /** `approved` and `denied` are a person's; null while it waits, or when Toolgate ended first. */
  answer: string | null
  client: { id: string; name: string; verified: boolean; tenant: string }
  server: string
  tool: string
  action: string
  level: number
  fingerprint: string
  /** Ids of the rules by which it was asked about. */
  rules: readonly string[]
  paths: readonly string[]
  hosts: readonly string[]
  uris: readonly string[]
  /** Null where too little was kept to tell what would have covered it. */
  trace: AskedTrace | null
}

/** The call of a row; null for a record that cannot be read, which verification names, and for what is no call of a tool. */
export function askedCall({ call_id, held, decided, picture: text, answer }: AskedRow): AskedCall | null {
  const [entry, decision] = [callEntry(held), callEntry(decided)]
  if (!entry || !decision || (entry.call_kind ?? 'tool') !== 'tool') return null
  const picture = parsePicture(text)
  const places = picture?.resource ?? null
  return {
    ...{ id: call_id, at: entry.timestamp, approvalId: entry.approval_id ?? '', answer },
    client: {
      ...{ id: entry.agent_id, name: entry.agent_name, verified: entry.agent_identity === 'verified' },
      tenant: entry.tenant ?? '',
    },
    ...{ server: entry.tool_server, tool: entry.tool_name, level: entry.approval_level ?? 5 },
    // What is not on record counts as the gravest.
    ...{ action: decision.tool_action ?? 'destructive', fingerprint: decision.tool_fingerprint ?? '' },
    rules: entry.rule_ids ?? [],
    ...{ paths: places?.paths ?? [], hosts: places?.hosts ?? [], uris: places?.uris ?? [] },
    // Where not all places were kept, what the leaves point to is not there.
    trace: places ? (picture?.asked ?? null) : null,
  }
}

function callEntry(body: string | null): (StoredEntry & CallEntry) | null {
  if (body === null) return null
  try {
    const entry = JSON.parse(body) as StoredEntry
    return entry.kind === 'call' ? entry : null
  } catch {
    return null
  }
}
