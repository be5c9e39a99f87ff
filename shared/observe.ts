import { z } from 'zod'
import { ServerName } from './server.ts'

/** For how long observe mode is on unless it is renewed, and at most, in days. */
export const mostObserveDays = 7

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
