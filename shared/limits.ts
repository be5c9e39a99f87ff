import { z } from 'zod'

/** One limit: what it is without a setting, between what it may be set, what it bounds, and whether a change needs a restart. */
type Limit = { usual: number; least: number; most: number; bounds: string; restart?: true }

/**
 * Every limit of a gateway that a person may change, by its name in `settings.json`. A refusal names the limit and its value.
 * `docs/limits.md` lists the same, which a test compares.
 */
export const limits = {
  max_message_bytes: {
    ...{ usual: 33_554_432, least: 65_536, most: 268_435_456 },
    bounds: 'bytes of one message, either way',
    restart: true,
  },
  calls_per_session: {
    usual: 128,
    least: 1,
    most: 10_000,
    bounds: 'requests of one session that are not answered yet',
  },
  calls_in_all: { usual: 2_048, least: 1, most: 100_000, bounds: 'requests of all sessions that are not answered yet' },
  sessions_per_client: { usual: 64, least: 1, most: 10_000, bounds: 'sessions of one client, through all doors' },
  sessions_in_all: { usual: 512, least: 1, most: 10_000, bounds: 'sessions of all clients, through all doors' },
  http_sessions_per_client: { usual: 16, least: 1, most: 1_000, bounds: 'sessions of one client over HTTP' },
  http_sessions_in_all: { usual: 64, least: 1, most: 10_000, bounds: 'sessions of all clients over HTTP' },
  server_processes: { usual: 256, least: 1, most: 10_000, bounds: 'server processes and connections in all' },
  queued_messages: {
    ...{ usual: 1_024, least: 16, most: 100_000 },
    bounds: 'messages of one session that wait for its server to start, or to read on',
  },
  http_session_idle_sec: {
    ...{ usual: 1_800, least: 10, most: 604_800 },
    bounds: 'seconds until a session over HTTP that nobody uses ends',
  },
  server_idle_sec: {
    ...{ usual: 1_800, least: 10, most: 604_800 },
    bounds:
      'seconds until a server process of the stateless generation that nobody asks anything ends, until it is needed again',
  },
  content_bytes: {
    ...{ usual: 268_435_456, least: 1_048_576, most: 68_719_476_736 },
    bounds: 'bytes of what people were shown, kept to prove their answers; the oldest is destroyed first',
  },
} as const satisfies Record<string, Limit>

/** Name of a limit. */
export type LimitName = keyof typeof limits

/** The value of every limit. */
export type Limits = Record<LimitName, number>

/** A setting for each limit. */
export const limitSettings = Object.fromEntries(
  Object.entries(limits).map(([name, { usual, least, most }]) => [name, z.int().min(least).max(most).default(usual)]),
) as { [Name in LimitName]: z.ZodDefault<z.ZodInt> }
