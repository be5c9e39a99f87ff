import { z } from 'zod'
import {
  ApprovalOverview,
  ApprovalTicket,
  ApprovalView,
  GrantChoice,
  GrantCoverage,
  GrantOffer,
  GrantSuggestion,
  GrantView,
} from './approval.ts'

const nothing = z.strictObject({})
const byId = z.strictObject({ id: z.string() })
const anyDoor = ['terminal', 'app', 'approval'] as const
/** Doors at which a person can prove to be there. */
const personal = ['terminal', 'approval'] as const

/** The rows of `shared/calls.ts` about calls that wait for a person, and about what people's answers let run. */
export const approvalCalls = {
  /** What waits for a person, without what an answer needs. */
  'approvals.overview': { doors: ['app'], presence: false, input: nothing, output: z.array(ApprovalOverview) },
  'approvals.list': { doors: personal, presence: false, input: nothing, output: z.array(ApprovalView) },
  /** Says that a request is shown in full on the approval page; an answer from there must carry the ticket that this gives. */
  'approvals.show': { doors: ['approval'], presence: true, input: byId, output: ApprovalTicket },
  /** For what more than this call a request may be answered, narrowest first. */
  'approvals.offers': { doors: personal, presence: false, input: byId, output: z.array(GrantOffer) },
  /** For each of those: which calls of the last seven days it would have covered. */
  'approvals.coverage': { doors: personal, presence: false, input: byId, output: z.array(GrantCoverage) },
  /** What people allowed again and again in the last seven days, and could allow for longer. */
  'approvals.suggestions': { doors: anyDoor, presence: false, input: nothing, output: z.array(GrantSuggestion) },
  'approvals.answer': {
    doors: personal,
    presence: true,
    input: z.strictObject({
      id: z.string(),
      answer: z.enum(['approve', 'deny']),
      shown_hash: z.string(),
      reason: z.string(),
      /** From the approval page: the ticket of `approvals.show`, used once. */
      ticket: z.string().optional(),
      /** From the approval page at level 4 and above, where the platform has no authentication of its own. */
      pin: z.string().optional(),
      /** With a yes at a request that is `editable`: the arguments that it runs with instead, as JSON text. Not with a grant. */
      edited: z.string().max(262_144).optional(),
      /** With a yes: for more than this call. */
      grant: GrantChoice.optional(),
    }),
    output: ApprovalView,
  },

  /** Grants, newest first: those that count, and with `all` also those that no longer do. */
  'grants.list': {
    doors: anyDoor,
    presence: false,
    input: z.strictObject({ all: z.boolean().optional() }),
    output: z.array(GrantView),
  },
  /** Ends a grant: the very next call asks again. That only tightens, so nobody need be there. */
  'grants.revoke': { doors: anyDoor, presence: false, input: byId, output: GrantView },
  /** Ends every grant that was given for a session, as when a person leaves the machine. */
  'grants.lock': { doors: anyDoor, presence: false, input: nothing, output: z.strictObject({ ended: z.int() }) },
  /** Lets a grant that has an end count for `hours` from now. */
  'grants.extend': {
    doors: personal,
    presence: true,
    input: byId.extend({ hours: z.number().positive().max(8760) }),
    output: GrantView,
  },
} as const
