import { hash } from 'node:crypto'
import type { CallEntry, EntryInput, StoredEntry } from '../../../shared/audit.ts'
import { canonicalJson, orderedJson } from './canonical.ts'

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
  const place: Place = { v: 1, seq, timestamp, prev_hash: prevHash }
  if (input.kind === 'call') {
    const entry = orderedCall(input, place)
    const { constraint_results, constraints, findings, matched_rules, risk_factors, rule_ids } = entry
    const body = orderedJson(entry, [constraint_results, constraints, findings, matched_rules, risk_factors, rule_ids])
    return { entry: entry as StoredEntry, body, hash: sha256(body) }
  }
  const entry: StoredEntry = { ...input, ...place }
  const body = canonicalJson(entry)
  return { entry, body, hash: sha256(body) }
}

type Place = Omit<StoredEntry, keyof EntryInput>
type Ordered = { [Field in keyof Required<CallEntry & Place>]: (CallEntry & Place)[Field] | undefined }

/**
 * A call's entry with its fields in canonical order, so that its text costs one `JSON.stringify`: each call has three of them.
 * The type makes sure that no field is left out.
 */
function orderedCall(call: CallEntry, { v, seq, timestamp, prev_hash }: Place): Ordered {
  return {
    agent_id: call.agent_id,
    agent_identity: call.agent_identity,
    agent_name: call.agent_name,
    answer: call.answer,
    answer_reason: call.answer_reason,
    answered_by: call.answered_by,
    answered_door: call.answered_door,
    approval_id: call.approval_id,
    approval_level: call.approval_level,
    arguments_hash: call.arguments_hash,
    attempt: call.attempt,
    call_id: call.call_id,
    call_kind: call.call_kind,
    constraint_results: call.constraint_results,
    constraints: call.constraints,
    correlation_id: call.correlation_id,
    data_classification: call.data_classification,
    dlp_result: call.dlp_result,
    edited: call.edited,
    edited_from: call.edited_from,
    findings: call.findings,
    grant_id: call.grant_id,
    kind: call.kind,
    latency_ms: call.latency_ms,
    matched_rules: call.matched_rules,
    method: call.method,
    observed: call.observed,
    outcome: call.outcome,
    overridden: call.overridden,
    policy_decision: call.policy_decision,
    prev_hash,
    protocol_generation: call.protocol_generation,
    purpose: call.purpose,
    reason: call.reason,
    reason_code: call.reason_code,
    response_hash: call.response_hash,
    risk_factors: call.risk_factors,
    risk_score: call.risk_score,
    rule_ids: call.rule_ids,
    seq,
    session_id: call.session_id,
    shown_hash: call.shown_hash,
    snapshot_hash: call.snapshot_hash,
    state: call.state,
    tenant: call.tenant,
    timestamp,
    tool_action: call.tool_action,
    tool_fingerprint: call.tool_fingerprint,
    tool_name: call.tool_name,
    tool_server: call.tool_server,
    upstream_ms: call.upstream_ms,
    user_id: call.user_id,
    v,
    wait_ms: call.wait_ms,
  }
}

/** What the store keeps beside the text so that records can be found: they are never the truth, and verification compares them. */
export type SearchColumns = { call_id: string | null; state: string; server: string | null }

/** The search columns of an entry; `state` is the state of a call, or the name of an event. */
export function searchColumns(entry: EntryInput): SearchColumns {
  return entry.kind === 'call'
    ? { call_id: entry.call_id, state: entry.state, server: entry.tool_server }
    : { call_id: null, state: entry.event, server: null }
}
