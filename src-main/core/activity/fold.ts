import type { CallRow } from '../../../shared/activity.ts'
import type { CallEntry, StoredEntry } from '../../../shared/audit.ts'
import { type Effect, effects } from '../../../shared/decision.ts'
import { type Action, actions } from '../../../shared/envelope.ts'

/** A record of a call. */
export type CallRecord = StoredEntry & CallEntry

/** The list's line of a call after one more of its records; `before` is null for the first. What a later record does not say stays. */
export function foldRecord(before: CallRow | null, record: CallRecord): CallRow {
  return { ...(before ?? begin(record)), ...whatItSays(record), seq: record.seq, state: record.state }
}

function begin(record: CallRecord): CallRow {
  return {
    call_id: record.call_id,
    seq: record.seq,
    started_at: record.timestamp,
    client: { id: record.agent_id, name: record.agent_name, identity: record.agent_identity },
    ...(record.tenant === undefined ? {} : { tenant: record.tenant }),
    server: record.tool_server,
    kind: record.call_kind ?? 'tool',
    tool: record.tool_name,
    state: record.state,
    ...{ observed: null, action: null, decision: null, outcome: null, reason_code: null, reason: null },
    ...{ rules: [], risk: null, findings: [], latency_ms: null, wait_ms: null },
  }
}

function whatItSays(record: CallRecord): Partial<CallRow> {
  const { tool_action, policy_decision, outcome, reason_code, reason, rule_ids, risk_score, findings } = record
  const action = actions.find((known: Action) => known === tool_action)
  const decision = effects.find((known: Effect) => known === policy_decision)
  const observed = effects.find((known: Effect) => known === record.observed)
  return {
    ...(action && { action }),
    ...(decision && { decision }),
    ...(observed && { observed }),
    ...(outcome && { outcome }),
    ...(reason_code && { reason_code }),
    ...(reason && { reason }),
    ...(rule_ids && { rules: rule_ids }),
    ...(risk_score !== undefined && { risk: risk_score }),
    ...(findings && { findings }),
    ...(record.latency_ms !== undefined && { latency_ms: record.latency_ms }),
    ...(record.wait_ms !== undefined && { wait_ms: record.wait_ms }),
  }
}
