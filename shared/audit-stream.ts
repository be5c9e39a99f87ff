import { z } from 'zod'
import { HeaderName, HeaderValue, reaches } from './server.ts'

/** So many streams there may be: each reads the record and keeps a connection of its own. */
export const mostStreams = 4

/** Name of a stream, as people call it. */
export const StreamName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'a stream name is 1–40 small letters, digits or `-`, starting with a letter or digit',
  )

/** Where records are sent, and the secret header that goes with each request; its value is kept in the vault alone. */
const AskedTarget = z.strictObject({
  url: z.string().min(1).max(2048),
  header: z.strictObject({ name: HeaderName, value: HeaderValue }).nullable(),
})
export type AskedTarget = z.infer<typeof AskedTarget>

const asked = AskedTarget.extend({ name: StreamName })

/** A stream of records to a collector, and how it does. */
export const StreamView = z.strictObject({
  name: z.string(),
  url: z.string(),
  /** Where its host led when it was added: it is never connected to anywhere else. */
  reach: z.enum(reaches),
  header_name: z.string().nullable(),
  added_at: z.string(),
  /** Number of its first record. */
  first: z.int(),
  /** Number of the last record that the collector said it has; one less than `first` before there is any. */
  sent: z.int(),
  last_success: z.string().nullable(),
  /** Why nothing was taken lately, since when, and what to do. `urgent`: only a person mends it, or it lasts long already. */
  problem: z.strictObject({ text: z.string(), hint: z.string(), since: z.string(), urgent: z.boolean() }).nullable(),
})
export type StreamView = z.infer<typeof StreamView>

const atTerminal = { doors: ['terminal'], presence: true } as const

/**
 * The rows of `shared/calls.ts` about streams. Each needs a person: a stream lets the record leave this machine, and without one what it
 * had sent is the only copy out of reach.
 */
export const streamCalls = {
  /** `from_start`: all records that there are, and not only those to come. */
  'audit.stream_add': {
    ...atTerminal,
    input: asked.extend({ from_start: z.boolean() }),
    output: StreamView,
  },
  /** Sends elsewhere, or with another header, from where it is; tries again at once. */
  'audit.stream_set': { ...atTerminal, input: asked, output: StreamView },
  'audit.stream_remove': {
    ...atTerminal,
    input: z.strictObject({ name: StreamName }),
    output: z.strictObject({}),
  },
} as const
