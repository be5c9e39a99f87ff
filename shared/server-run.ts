import { z } from 'zod'
import { ServerName } from './server.ts'

/** How a server does right now, all sessions taken together. */
export const runStates = ['idle', 'running', 'crashing', 'unreachable'] as const

/** Whether a server runs, for whom, and what became of it lately. Its own words are quoted, never trusted. */
export const ServerRun = z.strictObject({
  name: ServerName,
  state: z.enum(runStates),
  /** One per session: a process, or a connection where `pid` is null. */
  processes: z.array(
    z.strictObject({
      pid: z.int().nullable(),
      client: z.string(),
      session: z.string(),
      since: z.string(),
      /** What its sandbox holds it to, in words; null for one that is in none. */
      sandbox: z.string().nullable(),
    }),
  ),
  /** How often a process that ended by itself was started again, since the gateway started. */
  restarts: z.int(),
  /** How often one ended by itself within the last minute; while it is crashing, all that led to it and came after. */
  ends: z.int(),
  /** The last time that one ended by itself, or that the server could not be reached; null when that never was. */
  last_end: z.strictObject({ at: z.string(), how: z.string(), said: z.array(z.string()) }).nullable(),
  /** While it is crashing: before this moment nothing is tried. */
  next_try: z.string().nullable(),
  /** Processes that still run what the server was before its settings changed. */
  outdated: z.int(),
})
export type ServerRun = z.infer<typeof ServerRun>
export type RunState = ServerRun['state']
