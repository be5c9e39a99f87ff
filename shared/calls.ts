import { z } from 'zod'
import { CallDetail, CallPage, type CallRow, RecordCheck } from './activity.ts'
import { approvalCalls } from './approval-calls.ts'
import { StreamView, streamCalls } from './audit-stream.ts'
import { clientAccessCalls } from './client-access.ts'
import { clientConfigCalls } from './client-config.ts'
import { consentCalls } from './consents.ts'
import { AskedCredential, CredentialView, Tenant } from './credential.ts'
import { fatigueCalls } from './fatigue-calls.ts'
import { incidentCalls } from './incidents.ts'
import { ObserveView, observeCalls } from './observe.ts'
import { OverrideView, overrideCalls } from './override.ts'
import { peopleCalls, WhoView } from './people.ts'
import { policyCalls } from './policy-calls.ts'
import { proofCalls } from './proof-calls.ts'
import { serverCalls } from './server-calls.ts'
import { runStates } from './server-run.ts'
import { SettingsView } from './settings-view.ts'
import { ShimLaunch } from './shim-launch.ts'
import { HaltView, stopCalls } from './stop.ts'

const nothing = z.strictObject({})
const named = z.strictObject({ name: z.string().min(1).max(80) })

/** How the gateway is doing, at a glance. */
export const StatusView = z.strictObject({
  version: z.string(),
  pid: z.int(),
  profile: z.string(),
  socket: z.string(),
  /** Address of the HTTP door, such as `http://127.0.0.1:4780/mcp/<server>`; null while it is shut, and `http_problem` says why. */
  http: z.string().nullable(),
  http_problem: z.string().nullable(),
  /** The same by the public origin, which a proxy hands on; null where none is set or the door is shut. */
  http_public: z.string().nullable(),
  shim: ShimLaunch,
  started_at: z.string(),
  /** Everything is; see `halts`. */
  stopped: z.boolean(),
  /** What is stopped: everything, servers, clients. */
  halts: z.array(HaltView),
  /** Incidents that nobody has closed. */
  incidents: z.int(),
  /** For what calls run although policy would stop them. */
  overrides: z.array(OverrideView),
  servers: z.array(
    z.strictObject({ name: z.string(), state: z.string(), tools: z.int(), sessions: z.int(), runs: z.enum(runStates) }),
  ),
  policy: z.strictObject({
    snapshot: z.string().nullable(),
    since: z.string().nullable(),
    rules: z.int(),
    problems: z.int(),
    waiting: z.boolean(),
  }),
  observing: z.array(ObserveView),
  /** When observe mode ended last, after a day or more; null when it never did. */
  observe_ended: z.string().nullable(),
  /** Calls that wait for a person, and apps that do. */
  approvals: z.int(),
  apps: z.int(),
  /** By what people see that a call waits; none: such calls are refused. `problem`: what of it does not work, and what to do. */
  prompts: z.strictObject({ how: z.array(z.string()), problem: z.string().nullable() }),
  /** Reviewed tools whose approval is over (held) or ends within two weeks. */
  reviews: z.strictObject({ due: z.int(), soon: z.int() }),
  /** Sessions and calls that were refused since the gateway started because no server has the name they gave, and such names. */
  unknown_servers: z.strictObject({ refused: z.int(), names: z.array(z.string()) }),
  audit: z.strictObject({
    ...{ entries: z.int(), writable: z.boolean(), gap: z.boolean() },
    /** To where records are sent as they are made. */
    streams: z.array(StreamView),
  }),
  presence_enrolled: z.boolean(),
  /** A PIN was enrolled and its secret is gone: nobody can prove presence, and no new one is enrolled. */
  presence_lost: z.boolean(),
  /** Why the settings as they are in their file now cannot be used; those before stay in force. */
  settings_problem: z.string().nullable(),
  sessions: z.int(),
})
export type StatusView = z.infer<typeof StatusView>

/** A client entry; its secret lies in a file and is never shown. */
export const ClientView = z.strictObject({
  id: z.string(),
  name: z.string(),
  created_at: z.string(),
  last_seen: z.string().nullable(),
  revoked: z.boolean(),
  /**
   * How it comes in: through a shim that proves a secret, over HTTP with a bearer token, or as somebody else's client that a person
   * let in (OAuth).
   */
  kind: z.enum(['stdio', 'http', 'oauth']),
  /** The public origin by which somebody else's client came over the network; null for one of this machine. */
  public_origin: z.string().nullable(),
  ...CredentialView.shape,
})
export type ClientView = z.infer<typeof ClientView>

/**
 * Doors through which a person reaches the core (contracts.md, doors): a terminal, the ordinary pages of the app, and the
 * approval page, which has an origin of its own and is the only page that may do what needs a person.
 */
export const doorNames = ['terminal', 'app', 'approval'] as const
export type DoorName = (typeof doorNames)[number]

/** Doors that are pages. */
export type PageDoor = Exclude<DoorName, 'terminal'>

const anyDoor = ['terminal', 'app', 'approval'] as const
/** Doors at which a person can prove to be there. */
const personal = ['terminal', 'approval'] as const

/**
 * Every call that a person's door can make to the core, with what it takes and gives. `doors`: the only ones it may come
 * through. `presence`: only after a person proved to be there on this connection. A new call is one line here and one
 * handler in the core.
 */
export const calls = {
  status: { doors: anyDoor, presence: false, input: nothing, output: StatusView },
  /** The settings in force, and what of their file waits for a restart. */
  'settings.show': { doors: anyDoor, presence: false, input: nothing, output: SettingsView },
  shutdown: { doors: ['terminal', 'app'], presence: false, input: nothing, output: nothing },
  ...stopCalls,
  ...incidentCalls,
  ...overrideCalls,

  /** Enrols the first PIN; changing it needs the `current` one. At a terminal only after a challenge was answered. */
  'presence.enroll': {
    doors: personal,
    presence: false,
    input: z.strictObject({ pin: z.string(), current: z.string().optional(), person: z.string().max(80).optional() }),
    output: nothing,
  },
  /** Names a file that the caller creates (O_CREAT | O_EXCL) and holds open until it has proved presence. */
  'presence.challenge': {
    doors: ['terminal'],
    presence: false,
    input: nothing,
    output: z.strictObject({ file: z.string() }),
  },
  /** `person`: who they are, by id or name, where several people answer; the owner of the machine else. */
  'presence.prove': {
    ...{ doors: personal, presence: false },
    input: z.strictObject({ pin: z.string(), person: z.string().max(80).optional() }),
    output: nothing,
  },
  /** Locks this page: who was here is no longer, and somebody else may unlock it. */
  'presence.leave': { doors: ['approval'], presence: false, input: nothing, output: nothing },
  /** Whether a person has proved to be there on this connection, and by what they prove it again for what is graver. */
  'presence.state': {
    doors: ['approval'],
    presence: false,
    input: nothing,
    output: z.strictObject({
      present: z.boolean(),
      enrolled: z.boolean(),
      lost: z.boolean(),
      proof: z.enum(['platform', 'pin']),
      /** Who may unlock, and who did; absent where one person alone answers. */
      people: z.array(z.strictObject({ id: z.string(), name: z.string() })).optional(),
      who: WhoView.nullable().optional(),
    }),
  },

  /** A new sign-in link for the app, good once and for 60 seconds. */
  'app.link': { doors: ['terminal'], presence: true, input: nothing, output: z.strictObject({ url: z.string() }) },
  /** Opens the approval page at a place such as `/servers/files`; `url` is null where the host opened a window itself. */
  'approvals.open': {
    doors: ['app'],
    presence: false,
    input: z.strictObject({ at: z.string().regex(/^\/[\w./-]{0,200}$/) }),
    output: z.strictObject({ url: z.string().nullable() }),
  },

  ...serverCalls,

  'clients.list': { doors: anyDoor, presence: false, input: nothing, output: z.array(ClientView) },
  /** Creates a client entry and gives its id; the secret goes to a file that only this user can read. */
  'clients.issue': { doors: personal, presence: true, input: named, output: ClientView },
  /** With `tenant` only what an app was given for that: empty for what it was given for nobody in particular. */
  'clients.revoke': {
    ...{ doors: personal, presence: true },
    input: z.strictObject({ id: z.string(), tenant: z.union([Tenant, z.literal('')]).optional() }),
    output: nothing,
  },
  /** Creates a client entry that comes over HTTP; its bearer token is given here and never again. */
  'tokens.create': {
    ...{ doors: personal, presence: true },
    input: named.extend(AskedCredential.shape),
    output: z.strictObject({ client: ClientView, token: z.string() }),
  },

  ...approvalCalls,
  ...proofCalls,
  ...consentCalls,

  ...fatigueCalls,

  ...clientConfigCalls,

  ...clientAccessCalls,
  ...peopleCalls,

  ...policyCalls,

  ...observeCalls,
  /** Calls by their newest record, newest first. `before`: only those whose newest record has a smaller number. */
  'activity.calls': {
    doors: ['app'],
    presence: false,
    input: z.strictObject({ limit: z.int().min(1).max(500), before: z.int().optional() }),
    output: CallPage,
  },
  'activity.call': {
    doors: ['app'],
    presence: false,
    input: z.strictObject({ call_id: z.string() }),
    output: CallDetail,
  },
  /** Verifies the whole record, in a process of its own. */
  'audit.verify': { doors: ['app'], presence: false, input: nothing, output: RecordCheck },
  ...streamCalls,
} as const satisfies Record<string, CallShape>

type CallShape = { doors: readonly DoorName[]; presence: boolean; input: z.ZodType; output: z.ZodType }

/** Name of a control call, and what it takes and gives once parsed. */
export type CallName = keyof typeof calls
export type Input<N extends CallName> = z.output<(typeof calls)[N]['input']>
export type Output<N extends CallName> = z.output<(typeof calls)[N]['output']>

/** One line from a caller, and one line back. */
export const ControlRequest = z.strictObject({ id: z.int(), call: z.string(), input: z.unknown() })
export type ControlReply =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; code: string; message: string; hint: string }

/** What a page can be told is no longer as it was: it asks again, so that nothing is wrong after a message was missed. */
export const topics = ['status', 'approvals', 'consents', 'servers', 'clients', 'policy', 'presence'] as const
export type Topic = (typeof topics)[number]

/** What a page hears without asking, at most every 100 ms. `calls` go to the app only. */
export type PageEvent = {
  changed: Topic[]
  /** Calls with new records, newest state each. */
  calls?: CallRow[]
  /** There were more calls than are told: ask for the newest page again. */
  missed?: boolean
}
