import { z } from 'zod'
import { Constraints } from './constraints.ts'
import { actions } from './envelope.ts'
import { kinds } from './traffic.ts'

/** How a request for approval stands; only `pending` can still be answered. */
const approvalStates = ['pending', 'approved', 'denied', 'expired', 'cancelled'] as const

/** A held call as a person sees it. Everything that was untrusted is data here; whoever renders it escapes it. */
export const ApprovalView = z.strictObject({
  id: z.string(),
  state: z.enum(approvalStates),
  level: z.int().min(1).max(5),
  created_at: z.string(),
  expires_at: z.string(),
  /** Callers that wait for this answer right now; identical calls share one request. */
  waiting: z.int(),
  client: z.strictObject({
    id: z.string(),
    name: z.string(),
    identity: z.enum(['verified', 'claimed']),
    pid: z.int().nullable(),
  }),
  server: z.string(),
  /** What is asked for, and its name: the tool, the URI, the prompt, the domain of a link. */
  kind: z.enum(kinds),
  tool: z.string(),
  action: z.enum(actions),
  /** Exact text of the arguments as the client sent them. */
  arguments: z.string(),
  /** Exact text of all else that the call carries and an answer is bound to, as one JSON object; empty when nothing does. */
  also_sent: z.string(),
  resources: z.array(z.string()),
  why: z.string(),
  rules: z.array(z.string()),
  /** Bounds under which the call will run if it is approved. */
  constraints: Constraints,
  risk: z.strictObject({
    score: z.int(),
    factors: z.array(z.strictObject({ name: z.string(), points: z.int(), detail: z.string() })),
  }),
  findings: z.array(z.string()),
  /** SHA-256 over the fields above that matter; an answer must carry it. */
  shown_hash: z.string(),
})
export type ApprovalView = z.infer<typeof ApprovalView>

/** A held call for pages that may not answer it: they never hold what an answer must carry. */
export const ApprovalOverview = ApprovalView.omit({ shown_hash: true })
export type ApprovalOverview = z.infer<typeof ApprovalOverview>

/** Proof that a request was shown on the approval page: good for one answer to exactly that, not before `armed_in_ms`. */
export const ApprovalTicket = z.strictObject({
  view: ApprovalView,
  ticket: z.string(),
  armed_in_ms: z.int(),
})
export type ApprovalTicket = z.infer<typeof ApprovalTicket>
