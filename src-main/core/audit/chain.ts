import { hash } from 'node:crypto'
import type { EntryInput, StoredEntry } from '../../../shared/audit.ts'
import { canonicalJson } from './canonical.ts'

/** What the first record names as the hash before it. */
export const genesisHash = '0'.repeat(64)

/** SHA-256, hex; text counts as its UTF-8 bytes. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex')
}

/** An entry as it is stored: its text and the hash of exactly that text. */
export type Sealed = { entry: StoredEntry; body: string; hash: string }

/** Gives an entry its place: number, time and the hash of the record before it. Throws what `canonicalJson` throws. */
export function seal(input: EntryInput, seq: number, timestamp: string, prevHash: string): Sealed {
  const entry: StoredEntry = { ...input, v: 1, seq, timestamp, prev_hash: prevHash }
  const body = canonicalJson(entry)
  return { entry, body, hash: sha256(body) }
}

/** What the store keeps beside the text so that records can be found: they are never the truth, and verification compares them. */
export type SearchColumns = { call_id: string | null; state: string; server: string | null }

/** The search columns of an entry; `state` is the state of a call, or the name of an event. */
export function searchColumns(entry: EntryInput): SearchColumns {
  return entry.kind === 'call'
    ? { call_id: entry.call_id, state: entry.state, server: entry.tool_server }
    : { call_id: null, state: entry.event, server: null }
}
