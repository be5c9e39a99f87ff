import { z } from 'zod'

const anyDoor = ['terminal', 'app', 'approval'] as const

/** What can be halted: everything, the calls to one server, or those of one client. */
export const haltScopes = ['all', 'server', 'client'] as const
export type HaltScope = (typeof haltScopes)[number]

/** One server, one client (the id of its entry, or what a client without one is called), or, with neither, everything. */
const target = { server: z.string().min(1).max(200).optional(), client: z.string().min(1).max(200).optional() }
const oneOf = [
  ({ server, client }: { server?: string | undefined; client?: string | undefined }) =>
    server === undefined || client === undefined,
  { error: 'name a server or a client, not both' },
] as const

/** What a halt is about, as it is named in a call. */
export type HaltTarget = { server?: string | undefined; client?: string | undefined }

/** A halt that is in force until a person lifts it at the approval page. */
export const HaltView = z.strictObject({
  scope: z.enum(haltScopes),
  /** Name of the server, id of the client; empty for everything. */
  name: z.string(),
  /** What people call it: of a client entry its name. */
  title: z.string(),
  reason: z.string(),
  /** Null where a version that did not keep it stopped everything. */
  since: z.string().nullable(),
  /** Who, and through which door; empty where that is not known. */
  by: z.string(),
  door: z.string(),
  /** The gate that did it; null when a person did. */
  tripped_by: z.string().nullable(),
})
export type HaltView = z.infer<typeof HaltView>

/** The rows of `shared/calls.ts` about stopping: anybody may stop, and only a person at the approval page lets go on. */
export const stopCalls = {
  /** Halts everything, one server or one client at once, held calls included. */
  stop: {
    doors: anyDoor,
    presence: false,
    input: z.strictObject({ reason: z.string(), ...target }).refine(...oneOf),
    output: z.strictObject({}),
  },
  /** Lifts one halt: with neither server nor client that of everything. Others stay. */
  resume: {
    doors: ['approval'],
    presence: true,
    input: z.strictObject(target).refine(...oneOf),
    output: z.strictObject({}),
  },
} as const
