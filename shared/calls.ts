import { z } from 'zod'
import { ApprovalView } from './approval.ts'
import { trustLevels } from './envelope.ts'
import { LaunchSpec, ServerName, ServerReview, ServerView, ToolReview } from './server.ts'

const nothing = z.strictObject({})
const byName = z.strictObject({ name: ServerName })

/** A problem in a policy file, at a place a person can go to; line and column count from 1. */
export const PolicyProblem = z.strictObject({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  message: z.string(),
  expected: z.string(),
  suggestion: z.string(),
})
export type PolicyProblem = z.infer<typeof PolicyProblem>

/** One rule as listed to people. */
export const RuleView = z.strictObject({
  id: z.string(),
  effect: z.string(),
  origin: z.enum(['local', 'org']),
  file: z.string(),
  line: z.int(),
  summary: z.string(),
})

/** The policy in force, what is wrong with the files, and what waits for a person. */
export const PolicyView = z.strictObject({
  /** Hash of the snapshot in force; null when none is, and then nothing is allowed. */
  snapshot: z.string().nullable(),
  since: z.string().nullable(),
  rules: z.array(RuleView),
  problems: z.array(PolicyProblem),
  /** A change on disk that loosens policy and waits for a person. */
  waiting: z.strictObject({ hash: z.string(), changes: z.array(z.string()) }).nullable(),
})
export type PolicyView = z.infer<typeof PolicyView>

/** How the gateway is doing, at a glance. */
export const StatusView = z.strictObject({
  version: z.string(),
  pid: z.int(),
  profile: z.string(),
  socket: z.string(),
  started_at: z.string(),
  stopped: z.boolean(),
  servers: z.array(z.strictObject({ name: z.string(), state: z.string(), tools: z.int(), sessions: z.int() })),
  policy: z.strictObject({ snapshot: z.string().nullable(), rules: z.int(), problems: z.int(), waiting: z.boolean() }),
  approvals: z.int(),
  audit: z.strictObject({ entries: z.int(), writable: z.boolean(), gap: z.boolean() }),
  presence_enrolled: z.boolean(),
  /** A PIN was enrolled and its secret is gone: nobody can prove presence, and no new one is enrolled. */
  presence_lost: z.boolean(),
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
})
export type ClientView = z.infer<typeof ClientView>

/**
 * Every call that a person's door can make to the core, with what it takes and gives. `presence`: only after a person
 * proved to be there on this connection (contracts.md, doors). A new call is one line here and one handler in the core.
 */
export const calls = {
  status: { presence: false, input: nothing, output: StatusView },
  shutdown: { presence: false, input: nothing, output: nothing },
  stop: { presence: false, input: z.strictObject({ reason: z.string() }), output: nothing },
  resume: { presence: true, input: nothing, output: nothing },

  /** Enrols the first PIN; changing it needs the `current` one. Like `prove`, only after a challenge was answered. */
  'presence.enroll': {
    presence: false,
    input: z.strictObject({ pin: z.string(), current: z.string().optional() }),
    output: nothing,
  },
  /** Names a file that the caller creates (O_CREAT | O_EXCL) and holds open until it has proved presence. */
  'presence.challenge': { presence: false, input: nothing, output: z.strictObject({ file: z.string() }) },
  'presence.prove': { presence: false, input: z.strictObject({ pin: z.string() }), output: nothing },

  'servers.list': { presence: false, input: nothing, output: z.array(ServerView) },
  'servers.add': {
    presence: false,
    input: z.strictObject({
      name: ServerName,
      launch: LaunchSpec,
      trust_level: z.enum(trustLevels),
      environment: z.string(),
      risk_tags: z.array(z.string()),
    }),
    output: ServerView,
  },
  'servers.remove': { presence: true, input: byName, output: nothing },
  /** Runs the server once to see its tools; needs presence because it runs the command. */
  'servers.review': { presence: true, input: byName, output: ServerReview },
  /** Pins what `servers.review` showed; `review_hash` ties the two together. `tools` may tighten or override the proposal. */
  'servers.approve': {
    presence: true,
    input: z.strictObject({ name: ServerName, review_hash: z.string(), tools: z.array(ToolReview) }),
    output: ServerView,
  },

  'clients.list': { presence: false, input: nothing, output: z.array(ClientView) },
  /** Creates a client entry and gives its id; the secret goes to a file that only this user can read. */
  'clients.issue': { presence: true, input: z.strictObject({ name: z.string().min(1).max(80) }), output: ClientView },
  'clients.revoke': { presence: true, input: z.strictObject({ id: z.string() }), output: nothing },

  'approvals.list': { presence: false, input: nothing, output: z.array(ApprovalView) },
  'approvals.answer': {
    presence: true,
    input: z.strictObject({
      id: z.string(),
      answer: z.enum(['approve', 'deny']),
      shown_hash: z.string(),
      reason: z.string(),
    }),
    output: ApprovalView,
  },

  'policy.show': { presence: false, input: nothing, output: PolicyView },
  /** Puts a loosening change into force; `hash` is the one that `policy.show` showed as waiting. */
  'policy.confirm': { presence: true, input: z.strictObject({ hash: z.string() }), output: PolicyView },
}

/** Name of a control call, and what it takes and gives once parsed. */
export type CallName = keyof typeof calls
export type Input<N extends CallName> = z.output<(typeof calls)[N]['input']>
export type Output<N extends CallName> = z.output<(typeof calls)[N]['output']>

/** One line from a caller, and one line back. */
export const ControlRequest = z.strictObject({ id: z.int(), call: z.string(), input: z.unknown() })
export type ControlReply =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; code: string; message: string; hint: string }
