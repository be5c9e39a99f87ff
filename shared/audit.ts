import type { ReasonCode } from './errors.ts'
import type { Kind } from './traffic.ts'

/** States of a call, each an entry of its own (contracts.md): decided → (held → answered → decided) → forwarding (one per attempt) → closed. */
export const callStates = ['decided', 'held', 'answered', 'forwarding', 'closed'] as const
export type CallState = (typeof callStates)[number]

/** How a call ended. `interrupted`: Toolgate ended while it was open. `pending`: told to retry while a person decides. */
export const outcomes = [
  'executed',
  'executed_with_constraints',
  'tool_error',
  'blocked',
  'pending',
  'denied',
  'expired',
  'unreachable',
  'cancelled',
  'failed',
  'withheld',
  'interrupted',
] as const
export type Outcome = (typeof outcomes)[number]

/** What a bound did to a call. */
export const boundResults = ['held', 'truncated', 'masked', 'refused'] as const

/** What one bound did to a call: `rule` set it, `detail` says what was counted, cut or found. */
export type ConstraintResult = {
  bound: string
  rule?: string
  result: (typeof boundResults)[number]
  detail: string
}

/** Fields of one state of a call; seed 002's record plus ours. Absent means "not known in this state". */
export type CallEntry = {
  kind: 'call'
  call_id: string
  state: CallState
  /** The call that this one belongs to: of a task the call that made it; by default itself. */
  correlation_id: string
  /** What was asked for and by which method; both absent for calls of tools. */
  call_kind?: Kind
  method?: string
  session_id: string
  user_id: string
  /** The client that asked; `verified` or `claimed` identity. */
  agent_id: string
  agent_name: string
  agent_identity: 'verified' | 'claimed'
  /** For whom the client worked, as its token says; absent for nobody in particular. */
  tenant?: string
  tool_server: string
  /** The name of what was asked for: the tool, the URI, the prompt; of a task the tool that made it. */
  tool_name: string
  /** What the client said that it comes for when a person let it in; its own claim, absent where it said nothing. */
  purpose?: string
  tool_action?: string
  tool_fingerprint?: string
  data_classification?: string
  protocol_generation: 'legacy' | 'modern'
  /** Salted commitment to the raw bytes of `params`; the salt is kept apart and can be destroyed. */
  arguments_hash?: string
  response_hash?: string
  dlp_result?: 'clean' | 'masked' | 'quarantined'
  findings?: { rule: string; count: number; where: 'arguments' | 'result' }[]
  policy_decision?: string
  /** What would have been decided, when observe mode or an override let the call through. */
  observed?: string
  /** An override let it through, and not observe mode. */
  overridden?: true
  reason_code?: ReasonCode
  reason?: string
  /** The rules that decided, and all that matched. */
  rule_ids?: string[]
  matched_rules?: string[]
  snapshot_hash?: string
  risk_score?: number
  risk_factors?: { name: string; points: number; detail: string }[]
  constraints?: Record<string, unknown>
  /** What each bound did, on the entry that closes the call. */
  constraint_results?: ConstraintResult[]
  approval_id?: string
  approval_level?: number
  answer?: 'approved' | 'denied' | 'expired' | 'cancelled' | 'timed_out' | 'asked_in_client' | 'recheck'
  answered_by?: string
  answered_door?: string
  answer_reason?: string
  /** The person who allowed it changed its arguments: `edited_from` is the commitment to those that came, beside that to the new ones. */
  edited?: true
  edited_from?: string
  /** Hash of exactly what was shown to the person who answered. */
  shown_hash?: string
  grant_id?: string
  attempt?: number
  outcome?: Outcome
  /** Milliseconds: whole call; time spent by the tool; time spent waiting for a person. */
  latency_ms?: number
  upstream_ms?: number
  wait_ms?: number
}

/** Something that happened to the gateway itself: started, server approved, policy changed, presence failed. */
export type EventEntry = {
  kind: 'event'
  event: string
  user_id: string
  detail: Record<string, unknown>
}

/** What is handed to the audit log; number, time and chain are added when it is stored. */
export type EntryInput = CallEntry | EventEntry

/** What is stored: canonical JSON (RFC 8785) of the input plus these; `hash` is SHA-256 of exactly the stored bytes. */
export type StoredEntry = EntryInput & { v: 1; seq: number; timestamp: string; prev_hash: string }

/** What can be wrong with a log. `gap`: Toolgate found damage when it started, said so in a record, and went on after it. */
export const auditProblemKinds = [
  'edited',
  'missing',
  'reordered',
  'inserted',
  'truncated',
  'rewritten',
  'rolled-back',
  'signature',
  'unreadable',
  'gap',
] as const

/** One thing wrong, at record `seq`, or somewhere in `seq` to `through`. */
export type AuditProblem = {
  seq: number
  through?: number
  kind: (typeof auditProblemKinds)[number]
  message: string
}

/** What verification found. */
export type AuditReport = {
  ok: boolean
  /** Records read. */
  entries: number
  /** Signed checkpoints whose root is that of the records. */
  checkpoints: number
  /** Number of the first record that cannot be trusted; null when all can. */
  first_bad: number | null
  /** In order of records; at most the first thousand. */
  problems: AuditProblem[]
  /** What could not be checked with what was given, in words. */
  unchecked: string[]
}
