import { z } from 'zod'
import { Constraints } from './constraints.ts'
import { actions } from './envelope.ts'
import { NeededPeople } from './people.ts'
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
    /** For whom it works, as its token says; absent for nobody in particular. */
    tenant: z.string().optional(),
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
  /** When the definition that is called was approved, null for what needs no review; and what changed then, in words. */
  definition: z.strictObject({ approved_at: z.string().nullable(), changes: z.array(z.string()) }),
  /** Hosts that data can go to: those the call names, and the server's own when it is reached over HTTP. */
  goes_to: z.array(z.string()),
  /** A person may change the arguments: the tool's reviewed schema says what they may be. */
  editable: z.boolean(),
  /** Until when the caller that waits longest still does; null when none does. Not part of what an answer is bound to. */
  caller_waits_until: z.string().nullable(),
  /** Absent where one answer of whoever is here is enough. */
  people: NeededPeople.optional(),
  /** SHA-256 over the fields above that matter; an answer must carry it. */
  shown_hash: z.string(),
})
export type ApprovalView = z.infer<typeof ApprovalView>

/** What one answer may cover beyond the call it was asked for. */
export const grantScopes = ['call', 'bounded', 'tool', 'server'] as const
export type GrantScope = (typeof grantScopes)[number]

/** How long: one run, this session of the client, some hours, or until the tool's definition or the policy changes. */
export const grantDurations = ['once', 'session', 'hours', 'unchanged'] as const
export type GrantDuration = (typeof grantDurations)[number]

/** A bound on one argument: its place as a JSON pointer, and what its value must be. */
export const GrantBound = z.strictObject({
  at: z.string(),
  /** `equals`: exactly this JSON value, as text. `under`: a path at or below this real folder. `host`: a URL of this host. */
  is: z.enum(['equals', 'under', 'host']),
  value: z.string(),
})
export type GrantBound = z.infer<typeof GrantBound>

/** One way in which a request may be answered for more than this call. */
export const GrantOffer = z.strictObject({
  /** Names the offer in an answer; a hash over all below but what suggests it. */
  id: z.string(),
  scope: z.enum(grantScopes),
  /** In words, such as `write_file under ~/proj`. */
  says: z.string(),
  bounds: z.array(GrantBound),
  durations: z.array(z.enum(grantDurations)).min(1),
  /** The most hours that may be asked for. */
  max_hours: z.int(),
  /** How many requests that it would have covered a person allowed lately, where that suggests it; else null. */
  suggested: z.int().nullable(),
})
export type GrantOffer = z.infer<typeof GrantOffer>

/** Which calls of the last days that a person was asked about an offer would have covered; newest first. */
export const GrantCoverage = z.strictObject({
  /** Its id. */
  offer: z.string(),
  /** Calls of the same client, for the same tenant, at the same server that were looked at. */
  asked: z.int(),
  /** Of how many of them too little was kept to tell. */
  unknown: z.int(),
  calls: z.array(
    z.strictObject({
      call_id: z.string(),
      at: z.string(),
      tool: z.string(),
      /** How its request ended; null while it has not. */
      answer: z.string().nullable(),
      same_session: z.boolean(),
      /** Paths and hosts that it named, the first of them. */
      places: z.array(z.string()),
    }),
  ),
})
export type GrantCoverage = z.infer<typeof GrantCoverage>

/** Several requests for the same that a person allowed, and what would spare the next. */
export const GrantSuggestion = z.strictObject({
  client: z.strictObject({ id: z.string(), name: z.string() }),
  /** For whom the client worked; absent for nobody in particular. */
  tenant: z.string().optional(),
  server: z.string(),
  tool: z.string(),
  /** Real folder that all of them kept to. */
  folder: z.string(),
  times: z.int(),
  /** Ids of the rules that asked about the newest of them. */
  rules: z.array(z.string()),
  /** Whether some of them named other places than paths. */
  elsewhere: z.boolean(),
  /** The request that waits now and can be answered so; null while none does. */
  waiting: z.string().nullable(),
})
export type GrantSuggestion = z.infer<typeof GrantSuggestion>

/**
 * What an answer says beyond yes: an offer, by its id, and for how long. `hours` with `duration: hours` alone. `calls`: for how many
 * more calls at most; absent: for all that come before it ends.
 */
export const GrantChoice = z.strictObject({
  offer: z.string(),
  duration: z.enum(grantDurations),
  hours: z.number().positive().max(8760).optional(),
  calls: z.int().min(1).max(1000).optional(),
})
export type GrantChoice = z.infer<typeof GrantChoice>

/** Why a grant no longer counts; `active` while it does. */
const grantStates = ['active', 'spent', 'expired', 'revoked', 'definition_changed', 'policy_changed', 'locked'] as const

/** A grant: calls that a person's answer lets run without asking again. Listed, dated, revocable. */
export const GrantView = z.strictObject({
  id: z.string(),
  state: z.enum(grantStates),
  client: z.strictObject({ id: z.string(), name: z.string() }),
  /** It counts while its client works for this tenant; absent: while it works for nobody in particular. */
  tenant: z.string().optional(),
  server: z.string(),
  /** Null: every tool of the server. */
  tool: z.string().nullable(),
  scope: z.enum(grantScopes),
  says: z.string(),
  bounds: z.array(GrantBound),
  duration: z.enum(grantDurations),
  level: z.int(),
  approval_id: z.string(),
  by: z.string(),
  door: z.string(),
  reason: z.string(),
  created_at: z.string(),
  /** Null: it has no end in time, and ends otherwise. */
  expires_at: z.string().nullable(),
  used: z.int(),
  /** How many calls it is for; null: as many as come. */
  max_uses: z.int().nullable(),
  last_used: z.string().nullable(),
})
export type GrantView = z.infer<typeof GrantView>

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
