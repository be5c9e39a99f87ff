import { z } from 'zod'
import { auditProblemKinds, type CallEntry, callStates, outcomes, type StoredEntry } from './audit.ts'
import { effects } from './decision.ts'
import { actions } from './envelope.ts'
import { RuleView } from './policy-view.ts'
import { kinds } from './traffic.ts'

const Findings = z.array(z.strictObject({ rule: z.string(), count: z.int(), where: z.enum(['arguments', 'result']) }))

/** One call as a line of the activity list, folded from its records. What is not known yet is null. */
export const CallRow = z.strictObject({
  call_id: z.string(),
  /** Number of its newest record. */
  seq: z.int(),
  /** When its first known record was written. */
  started_at: z.string(),
  client: z.strictObject({ id: z.string(), name: z.string(), identity: z.enum(['verified', 'claimed']) }),
  /** For whom the client worked; absent for nobody in particular. */
  tenant: z.string().optional(),
  server: z.string(),
  /** What was asked for, and its name: the tool, the URI, the prompt; of a task the tool that made it. */
  kind: z.enum(kinds),
  tool: z.string(),
  action: z.enum(actions).nullable(),
  state: z.enum(callStates),
  decision: z.enum(effects).nullable(),
  outcome: z.enum(outcomes).nullable(),
  /** What would have been decided, when observe mode let it through. */
  observed: z.enum(effects).nullable(),
  reason_code: z.string().nullable(),
  reason: z.string().nullable(),
  /** Ids of the rules that decided. */
  rules: z.array(z.string()),
  risk: z.int().nullable(),
  findings: Findings,
  /** Milliseconds: whole call, and how much of it waited for a person. */
  latency_ms: z.number().nullable(),
  wait_ms: z.number().nullable(),
})
export type CallRow = z.infer<typeof CallRow>

/** A page of calls; `next` is the `before` of the page after it, null when this is the last. */
export const CallPage = z.strictObject({ rows: z.array(CallRow), next: z.int().nullable() })
export type CallPage = z.infer<typeof CallPage>

/** A record of a call as it is stored; the core reads it from its own log, so it is not parsed again. */
const CallRecord = z.custom<StoredEntry & CallEntry & { hash: string }>()

/** All that is known of one call: its records, oldest first, and the rules that its decision names, as they were then. */
export const CallDetail = z.strictObject({
  row: CallRow,
  records: z.array(CallRecord),
  rules: z.array(RuleView),
  /** The snapshot that decided is the one in force. */
  in_force: z.boolean(),
})
export type CallDetail = z.infer<typeof CallDetail>

/** What verifying the record found; see `AuditReport`. */
export const RecordCheck = z.strictObject({
  ok: z.boolean(),
  entries: z.int(),
  checkpoints: z.int(),
  first_bad: z.int().nullable(),
  problems: z.array(
    z.strictObject({
      seq: z.int(),
      through: z.int().optional(),
      kind: z.enum(auditProblemKinds),
      message: z.string(),
    }),
  ),
  unchecked: z.array(z.string()),
})
export type RecordCheck = z.infer<typeof RecordCheck>
