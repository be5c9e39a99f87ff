import type { CallEntry, StoredEntry } from '../../../shared/audit.ts'
import { type Effect, effects } from '../../../shared/decision.ts'
import { type Action, actions, type Classification, classifications, type Envelope } from '../../../shared/envelope.ts'
import type { ReasonCode } from '../../../shared/errors.ts'
import type { Verdict } from '../../../shared/policy-tools.ts'
import { namesOf } from '../envelope/names.ts'
import type { Unknown } from '../policy/partial-envelope.ts'
import type { Facts } from '../policy/precedence.ts'
import { namespaceAndVerb } from '../registry/classify.ts'
import { type Picture, parsePicture } from './picture.ts'

/** A recorded call as it can be decided again. */
export type Recorded = {
  call_id: string
  at: string
  envelope: Envelope
  missing: ReadonlySet<Unknown>
  /** What was decided then. */
  before: Verdict
  /** Why no policy could have decided otherwise, or null. */
  builtIn: ReasonCode | null
  standing: Facts['tool']
}

type DecidedRecord = StoredEntry & CallEntry

/** Refusals that come before policy or above it: what a person, the registry or Toolgate itself decided. */
const aboveRules: ReadonlySet<string> = new Set<ReasonCode>([
  'CLIENT_REFUSED',
  'SERVER_NOT_APPROVED',
  'SERVER_CHANGED',
  'PROTECTED_PATH',
  'STOPPED',
  'SERVER_UNKNOWN',
  'TOOL_UNKNOWN',
  'TOOL_CHANGED',
  'TOOL_NOT_REVIEWED',
  'TOOL_REVIEW_DUE',
  'SCOPE_MISSING',
])

const argumentsOnly: ReadonlySet<Unknown> = new Set(['arguments'])
const withoutPlaces: ReadonlySet<Unknown> = new Set(['arguments', 'resources'])
const recordOnly: ReadonlySet<Unknown> = new Set(['arguments', 'resources', 'details'])

/** A call from the record of its decision and the picture that was kept beside it, if any. */
export function recordedCall(record: DecidedRecord, pictureText: string | null): Recorded {
  const picture = parsePicture(pictureText)
  const missing = !picture ? recordOnly : !picture.resource || picture.masked ? withoutPlaces : argumentsOnly
  const before = verdictOf(record)
  return {
    ...{ call_id: record.call_id, at: record.timestamp, envelope: envelopeOf(record, picture), missing, before },
    builtIn: before.code !== null && aboveRules.has(before.code) ? (before.code as ReasonCode) : null,
    standing: picture?.standing ?? 'reviewed',
  }
}

/** What was decided, as the record has it. */
function verdictOf(record: DecidedRecord): Verdict {
  // Where observe mode let a call through, what the rules said counts.
  const said = record.observed ?? record.policy_decision
  const effect = effects.find((known: Effect) => known === said) ?? 'DENY'
  return {
    ...{ effect, level: record.approval_level ?? null, code: record.reason_code ?? null, reason: record.reason ?? '' },
    ...{ rules: record.rule_ids ?? [], constraints: record.constraints ?? {} },
  }
}

function envelopeOf(record: DecidedRecord, picture: Picture | null): Envelope {
  const { tool_server: server, tool_name: name, call_kind: kind = 'tool', method = 'tools/call' } = record
  const action = actions.find((known: Action) => known === record.tool_action) ?? 'destructive'
  const classification =
    classifications.find((known: Classification) => known === record.data_classification) ?? 'restricted'
  const ofTool = kind === 'tool' || kind === 'task'
  const called = ofTool ? name : ''
  const derived = kind === 'tool' ? namespaceAndVerb(server, name) : { namespace: server, verb: method }
  return {
    call: { id: record.call_id, method, kind, generation: record.protocol_generation },
    client: { id: record.agent_id, name: record.agent_name, identity: record.agent_identity },
    user: { roles: picture?.user.roles ?? [], id: record.user_id },
    server: { trust_level: 'sandbox', ...picture?.server, name: server },
    tool: {
      ...{ ...derived, tier: 3, tags: [], module: derived.namespace, ...picture?.tool },
      ...{ name: called, action, classification, fingerprint: record.tool_fingerprint ?? '' },
    },
    resource: picture?.resource ?? { paths: [], hosts: [], uris: [] },
    names: namesOf(kind, name),
    args: {},
    risk: { score: record.risk_score ?? Number.NaN, factors: record.risk_factors ?? [] },
    risk_tags: picture?.risk_tags ?? [],
    scopes: picture?.scopes ?? { held: [], needed: [], bounded: false },
    tenant: picture?.tenant ?? { client: '', server: [] },
    environment: picture?.environment ?? '',
    purpose: record.purpose ?? '',
    labels: {
      ...{ 'mcp.server': server, 'mcp.tool': called, 'mcp.action': action, 'mcp.kind': kind, 'mcp.name': name },
    },
  }
}
