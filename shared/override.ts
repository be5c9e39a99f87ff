import { z } from 'zod'
import { longestOverrideMinutes, usualOverrideMinutes } from './override-minutes.ts'
import { haltScopes } from './stop.ts'

const anyDoor = ['terminal', 'app', 'approval'] as const
const approvalDoor = ['approval'] as const

const Target = z
  .strictObject({ server: z.string().min(1).max(200).optional(), client: z.string().min(1).max(200).optional() })
  .refine(({ server, client }) => server === undefined || client === undefined, {
    error: 'name a server or a client, not both',
  })

/** An override that is on ("break glass"): calls that policy would hold, or deny by lines 4 to 7 of the precedence list, run. */
export const OverrideView = z.strictObject({
  scope: z.enum(haltScopes),
  /** Name of the server, id of the client entry; empty for everything. */
  name: z.string(),
  title: z.string(),
  reason: z.string(),
  started_at: z.string(),
  started_by: z.string(),
  ends_at: z.string(),
  /** Decisions that it changed. */
  calls: z.int(),
  /** The incident that holds what happens because of it. */
  incident: z.string(),
})
export type OverrideView = z.infer<typeof OverrideView>

/** Where an override is on, and whether policy forbids it. */
export const OverrideState = z.strictObject({ overrides: z.array(OverrideView), forbidden: z.boolean() })
export type OverrideState = z.infer<typeof OverrideState>

/** The rows of `shared/calls.ts` about overrides: one begins at the approval page alone, and ends by itself and for anybody. */
export const overrideCalls = {
  'override.show': { doors: anyDoor, presence: false, input: z.strictObject({}), output: OverrideState },
  /** Asks for the person once more, as an answer of level 4 does. */
  'override.start': {
    doors: approvalDoor,
    presence: true,
    input: z.strictObject({
      scope: Target,
      minutes: z.int().min(1).max(longestOverrideMinutes).default(usualOverrideMinutes),
      reason: z.string().trim().min(1).max(500),
      pin: z.string().max(128).optional(),
    }),
    output: OverrideState,
  },
  /** Ends it at once; without a server or client, all of them. */
  'override.end': { doors: anyDoor, presence: false, input: z.strictObject({ scope: Target }), output: OverrideState },
} as const
