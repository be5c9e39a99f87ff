import { z } from 'zod'
import { mostObserveDays } from './observe-days.ts'
import { ServerName } from './server.ts'

/** What observe mode is on for: one server, the client of one entry, or, with neither, everything. */
export const ObserveScope = z
  .strictObject({ server: ServerName.optional(), client: z.string().min(1).max(200).optional() })
  .refine(({ server, client }) => server === undefined || client === undefined, {
    error: 'name a server or a client, not both',
  })
export type ObserveScope = z.infer<typeof ObserveScope>

/** Observe mode as it is on: what would be asked, bounded or denied by lines 4 to 7 of the precedence list runs, and is recorded. */
export const ObserveView = z.strictObject({
  scope: z.enum(['all', 'server', 'client']),
  /** Name of the server, id of the client entry; empty for everything. */
  name: z.string(),
  /** What people call it: of a client entry its name. */
  title: z.string(),
  reason: z.string(),
  started_at: z.string(),
  started_by: z.string(),
  expires_at: z.string(),
  /** Decisions since this gateway started that would have been otherwise. */
  relaxed: z.int(),
})
export type ObserveView = z.infer<typeof ObserveView>

/** Where observe mode is on, and whether policy forbids it. */
export const ObserveState = z.strictObject({ observing: z.array(ObserveView), forbidden: z.boolean() })
export type ObserveState = z.infer<typeof ObserveState>

/** The rows of `shared/calls.ts` about observe mode: to turn it on loosens policy, so a person does; to end it is for anybody. */
export const observeCalls = {
  'observe.show': {
    doors: ['terminal', 'app', 'approval'],
    presence: false,
    input: z.strictObject({}),
    output: ObserveState,
  },
  /** Turns it on, or renews it; it ends by itself. */
  'observe.start': {
    doors: ['terminal', 'approval'],
    presence: true,
    input: z.strictObject({
      scope: ObserveScope,
      days: z.int().min(1).max(mostObserveDays),
      reason: z.string().max(500),
    }),
    output: ObserveState,
  },
  /** Ends it at once; without a server or client, for everything that it is on for. */
  'observe.stop': {
    doors: ['terminal', 'app', 'approval'],
    presence: false,
    input: z.strictObject({ scope: ObserveScope }),
    output: ObserveState,
  },
} as const
