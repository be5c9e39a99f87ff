import type { Credential } from '../../../shared/credential.ts'
import type { Alert, Decision } from '../../../shared/decision.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import type { ToolgateError } from '../../../shared/errors.ts'
import type { Kind } from '../../../shared/traffic.ts'
import type { AnswerReader } from '../answers/answer-reader.ts'
import type { Held, Holding } from '../approvals/hold.ts'
import type { Approvals } from '../approvals/queue.ts'
import type { GivenBy, WhoMay } from '../approvals/who-may.ts'
import type { AuditLog } from '../audit/log.ts'
import type { Checked, Checks } from '../constraints/check-call.ts'
import type { Confinement } from '../constraints/sandbox/confinement.ts'
import type { Contents } from '../content/contents.ts'
import type { Acting, Asking } from '../envelope/credentials.ts'
import type { FoundPaths } from '../envelope/paths.ts'
import type { Sparing } from '../fatigue/sparing.ts'
import type { Grants, Traced } from '../grants/grants.ts'
import type { Message } from '../json/message.ts'
import type { Observe } from '../observe/observe.ts'
import type { Rule } from '../policy/rule.ts'
import type { Snapshot } from '../policy/snapshot.ts'
import type { Clock, Log } from '../ports.ts'
import type { ToolDefinition } from '../registry/definition.ts'
import type { Registry } from '../registry/registry.ts'
import type { PinnedTool, Server } from '../registry/server-record.ts'
import type { CallHistory, History } from '../risk/history.ts'
import type { FindingCount } from '../safety/scan.ts'
import type { Halts } from '../stop/halts.ts'
import type { Overrides } from '../stop/overrides.ts'
import type { GrantRow } from '../store/grants-table.ts'
import type { AskedBack, AskPerson } from './asked-back.ts'
import type { Continuations, Continued } from './continuations.ts'
import type { LookedInto } from './look-into.ts'
import type { Refused } from './refused.ts'
import type { RequestReader } from './request-reader.ts'
import type { Trail } from './trail.ts'

/** One governed request as the gateway hands it over: who asks, what exactly was sent, and how to reach who answers. */
export type CallRequest = {
  /** Who asks; the other side answers. */
  from: 'client' | 'server'
  message: Message
  /** Raw bytes of `params`. */
  params: Buffer
  kind: Kind
  method: string
  /** The call that made the task it is about, or whose answer it is in; null for one that stands alone. */
  correlation: string | null
  /** The name of what is asked for: the tool, the URI, the prompt; of a task the tool that made it. */
  toolName: string
  args: Record<string, unknown>
  argumentsText: string
  /** The person who allowed it changed its arguments. */
  edited?: true
  /** What an approval is bound to; made only when somebody asks. */
  argsHash: () => string
  generation: 'legacy' | 'modern'
  serverName: string
  session: { id: string; lineage: string }
  client: Asking
  /** What the server says the tool is right now; null when it does not offer it. Rejects when the server cannot be asked. */
  live: (tool: string) => Promise<ToolDefinition | null>
  send: Send
  /** Asks whom the request is for something of ours; absent where nobody can be asked. Rejects when there is no answer. */
  ask?: (method: string, params: Record<string, unknown>) => Promise<Message>
  /** How the client asks its person whether it may; absent where it cannot. */
  askPerson?: AskPerson
  /** Whose wait an approval must fit into; absent where a server waits. */
  caller?: Held
  /** Hears when the call begins to wait for a person. */
  held?: () => void
  /** Fires when the caller cancels or goes away. */
  signal: AbortSignal
}

/** Sends the request, in the bytes of `message`, to who answers it, once. `attempt` counts from 1; `timeoutMs` null means no bound of ours. */
export type Send = (message: Message, attempt: number, timeoutMs: number | null) => Promise<SendResult>
export type SendResult =
  | { kind: 'answer'; message: Message }
  | { kind: 'lost'; error: ToolgateError }
  | { kind: 'unreadable' | 'timeout' | 'exited' | 'cancelled' }

/** What the stages need; every part is real, only the clock and the host's ports are ever faked. */
export type Deps = Checks &
  Traced & {
    requests: Pick<RequestReader, 'look' | 'takesTurns'>
    answers: Pick<AnswerReader, 'read'>
    audit: AuditLog
    registry: Registry
    snapshot: () => Snapshot | null
    approvals: Approvals
    whoMay: WhoMay
    grants: Pick<Grants, 'find' | 'elsewhere' | 'consume' | 'withdraw'>
    continuations: Continuations
    askedBack: AskedBack
    holding: Holding
    sparing: Sparing
    /** What clients have done before, as far as risk counts it. */
    history: History
    observe: Pick<Observe, 'covers' | 'relaxed'>
    confinement: Pick<Confinement, 'whyNot' | 'during'>
    contents: Pick<Contents, 'put'>
    clock: Clock
    log: Log
    user: string
    haltOf: Halts['haltOf']
    overrides: Pick<Overrides, 'covers' | 'used'>
    clientRevoked: (id: string) => boolean
    /** Whether a client is somebody else's: it has nothing until an access policy is bound to it. */
    clientForeign: (id: string) => boolean
    credentialOf: (acting: Acting) => Credential
    /** Why a call may not touch what it names, or null. */
    protectedPath: (found: FoundPaths, readOnly: boolean) => string | null
    /** The first of `paths` that holds a protected place, or null. */
    nearProtected: (paths: readonly string[]) => string | null
    probe: (point: string) => void | Promise<void>
    /** Raises an alert that a rule asked for. */
    alert: (kind: Alert, detail: Record<string, unknown>) => void
  }

/*
 * Each stage takes the type of the one before it and returns a richer one, so none can be skipped.
 * INVARIANT: `forward` takes a SettledCall, which only `approve` makes.
 */
/** `continues`: the call that was answered with a wish for input, when this one brings it. `arrived`: what was unusual then, for good. */
export type OpenCall = {
  id: string
  request: CallRequest
  trail: Trail
  continues: Continued | null
  arrived: Pick<CallHistory, 'volume' | 'time'>
}
export type PinnedCall = OpenCall & {
  server: Server | null
  tool: PinnedTool | null
  standing: 'reviewed' | 'held' | 'due' | 'unreviewed' | 'unknown'
  changes: string[]
}
export type LookedIntoCall = PinnedCall & LookedInto
export type ScoredCall = LookedIntoCall & { envelope: Envelope }
export type JudgedCall = ScoredCall & { decision: Decision }
/** `bounding`: the rules that set its bounds. */
export type DecidedCall = JudgedCall & { bounding: readonly Rule[]; checked: Checked }
/** `inClient`: that a person said yes is the word of their client alone. */
export type SettledCall = DecidedCall & {
  settledBy:
    | { kind: 'policy' }
    | { kind: 'person' | 'continued'; approvalId: string; people: readonly GivenBy[]; inClient: boolean }
    | { kind: 'grant'; grant: GrantRow }
}
export type ForwardedCall = SettledCall & {
  answer: Message
  attempts: number
  upstreamMs: number
  durable: Promise<void>
}
export type ScreenedCall = ForwardedCall & { line: Buffer; resultFindings: FindingCount[] }

/** What goes back to who asked: its line, or nothing for a call that was cancelled. `refused`: the line says why. */
export type Reply = { line: Buffer; callId: string; refused: Refused | null } | null
