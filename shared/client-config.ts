import { z } from 'zod'
import { ServerName } from './server.ts'

/** How a server of a client's configuration stands towards Toolgate. */
const guardStates = ['verified', 'configured', 'bypassed', 'left'] as const

/** One server in a client's configuration. Values of environments and headers are never part of it. */
export const ConfigEntryView = z.strictObject({
  name: z.string(),
  /** Keys and positions that lead to it in its file. */
  place: z.array(z.union([z.string(), z.int()])),
  /** The client has it switched off. */
  off: z.boolean(),
  /**
   * `verified`: a call of this client to it was seen here. `configured`: it starts Toolgate. `bypassed`: the client starts it
   * itself, or Toolgate with settings that could run other code there, as `why` says then. `left`: it cannot be governed, and
   * `why` says why not.
   */
  guard: z.enum(guardStates),
  why: z.string().nullable(),
  /** The registered server that it is, or would be; null when it is left, and for all servers. */
  server: ServerName.nullable(),
  /** That server would be registered by connecting. */
  new_server: z.boolean(),
})
export type ConfigEntryView = z.infer<typeof ConfigEntryView>

/** One configuration file of a client. */
export const ConfigFileView = z.strictObject({
  path: z.string(),
  scope: z.enum(['user', 'project']),
  /** Why it cannot be read or understood; then it is left alone. */
  problem: z.string().nullable(),
  entries: z.array(ConfigEntryView),
  /** It can be taken back: Toolgate changed it and knows what it was. */
  connected: z.boolean(),
})
export type ConfigFileView = z.infer<typeof ConfigFileView>

/** How a client's own tools stand: those that are built into it, and that it runs itself. */
export const ClientHooksView = z.strictObject({
  /** The file in which it looks up whom to ask. */
  path: z.string(),
  /** Toolgate put its hook there, and knows what the file was. */
  connected: z.boolean(),
  /** It asks this Toolgate before it runs them, as its file says. */
  on: z.boolean(),
  /** Why the file cannot be read or understood. */
  problem: z.string().nullable(),
  /** The server as which they are registered and approved. */
  server: ServerName,
  /** What asking cannot promise. */
  limits: z.string(),
})
export type ClientHooksView = z.infer<typeof ClientHooksView>

/** Something that a client reads and Toolgate leaves as it is: decided by an administrator, or run inside the client. */
export const BeyondReach = z.strictObject({
  path: z.string(),
  /** Names of the servers, or of the policies, that it brings. */
  servers: z.array(z.string()),
  why: z.string(),
})
export type BeyondReach = z.infer<typeof BeyondReach>

/** An AI client of this machine. */
export const FoundClient = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Files that are there; none for a client that is installed and has no configuration yet. */
  files: z.array(ConfigFileView),
  /** What a person does so that a change counts. */
  apply: z.string(),
  restarts: z.enum(['reads its file anew', 'needs a restart']),
  /** It came back since its files were changed, and so has read them; null when Toolgate changed none. */
  applied: z.boolean().nullable(),
  /** Null for a client that asks nobody before it runs a tool of its own. */
  hooks: ClientHooksView.nullable(),
  beyond: z.array(BeyondReach),
})
export type FoundClient = z.infer<typeof FoundClient>

/** What connecting would do to one file. */
const PlannedFile = z.strictObject({
  client: z.string(),
  path: z.string(),
  /** A unified diff, without values of environments and headers. */
  diff: z.string(),
  entries: z.array(ConfigEntryView),
  /** Servers that are registered with it, unapproved. */
  registers: z.array(ServerName),
})

/** What connecting would do; nothing else happens when it is carried out, or nothing at all. */
export const ConnectPlan = z.strictObject({
  plan: z.string(),
  files: z.array(PlannedFile),
  problems: z.array(z.string()),
})
export type ConnectPlan = z.infer<typeof ConnectPlan>

/** What was done to one file; `why` says what kept it from being done. */
export const ChangedFile = z.strictObject({
  client: z.string(),
  path: z.string(),
  done: z.boolean(),
  why: z.string().nullable(),
  /** Of a file that was taken back: whether it is again what it was, byte by byte. */
  exact: z.boolean().nullable(),
  /** Of a file that was taken back: entries that somebody changed since, which are for a person to put right. */
  left: z.array(z.string()),
  apply: z.string(),
})
export type ChangedFile = z.infer<typeof ChangedFile>

/** Another home folder than this user's, and projects whose own files count too; both absolute. */
const where = { home: z.string().min(1).optional(), projects: z.array(z.string().min(1)).max(100).optional() }
/** Named one by one, or all; none at all is a mistake and means neither. */
const chosen = z.union([z.literal('all'), z.array(z.string()).min(1).max(100)])
/** Which clients a call is about: their ids, or all that are found. */
export type ChosenClients = z.infer<typeof chosen>
const anyDoor = ['terminal', 'app', 'approval'] as const
const personal = ['terminal', 'approval'] as const

/** The rows of `shared/calls.ts` about configurations of clients. Another `home` is a terminal's to name. */
export const clientConfigCalls = {
  'configs.find': { doors: anyDoor, presence: false, input: z.strictObject(where), output: z.array(FoundClient) },
  /** The home folder that is looked into when none is named. */
  'configs.home': {
    ...{ doors: anyDoor, presence: false, input: z.strictObject({}) },
    output: z.strictObject({ home: z.string() }),
  },
  /** What connecting these clients would do. `hooks`: their own tools too. */
  'configs.preview': {
    doors: anyDoor,
    presence: false,
    input: z.strictObject({ ...where, clients: chosen, hooks: z.boolean().optional() }),
    output: ConnectPlan,
  },
  /** Carries out a plan, each file only when it is still what the plan saw. It registers the servers, unapproved. */
  'configs.connect': {
    doors: personal,
    presence: true,
    input: z.strictObject({ plan: z.string() }),
    output: z.array(ChangedFile),
  },
  /** Takes the files of these clients back to what they were. */
  'configs.undo': {
    doors: personal,
    presence: true,
    input: z.strictObject({ ...where, clients: chosen }),
    output: z.array(ChangedFile),
  },
} as const
