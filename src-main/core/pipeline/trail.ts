import type { CallEntry, ConstraintResult, Outcome } from '../../../shared/audit.ts'
import { tenantIn } from '../../../shared/credential.ts'
import type { Decision } from '../../../shared/decision.ts'
import type { Answer } from '../approvals/request.ts'
import { commitTo } from '../audit/commitment.ts'
import { pictureOf } from '../replay/picture.ts'
import type { FindingCount } from '../safety/scan.ts'
import type { CallRequest, DecidedCall, Deps, ScreenedCall, SettledCall } from './call.ts'
import { askedTrace } from './grant-subject.ts'
import { argumentsKeeper } from './keep-arguments.ts'
import type { Refused } from './refused.ts'

export type Trail = ReturnType<typeof createTrail>

type Detail = Partial<CallEntry>

/** Reasons may quote what was sent, which can be as long as a message. */
const longestReason = 4_000
const longestDetail = 1_000

function decisionFields(decision: Decision): Detail {
  return {
    policy_decision: decision.effect,
    reason: decision.reason.slice(0, longestReason),
    rule_ids: decision.rules.map(({ id }) => id),
    matched_rules: decision.matched,
    snapshot_hash: decision.snapshot,
    risk_score: decision.risk,
    constraints: { ...decision.constraints },
    ...(decision.observed ? { observed: decision.observed } : {}),
    ...(decision.overridden ? { overridden: true } : {}),
    ...(decision.code ? { reason_code: decision.code } : {}),
    ...(decision.approval_level ? { approval_level: decision.approval_level } : {}),
  }
}

function counted(findings: readonly FindingCount[], where: 'arguments' | 'result') {
  return findings.map((finding) => ({ ...finding, where }))
}

/**
 * The audit entries of one call, which are correlated with those of the call that it goes on with, in the order that contracts.md gives. Each method commits before it returns or resolves, and
 * throws AUDIT_UNWRITABLE when it cannot.
 */
export function createTrail(id: string, request: CallRequest, deps: Deps, correlation = id) {
  const { audit, clock, user } = deps
  let keeping = argumentsKeeper(id, request, deps)
  let params = request.params
  let [committed, editedFrom] = ['', '']
  const started = clock.monotonic()
  let waited = 0
  let heldAt = started
  let salt: Buffer | null = null
  let saltKept = false
  let picture = ''
  let recorded: Decision | null = null
  let decided: Detail = {}
  const bounds = new Map<string, ConstraintResult>()

  const base = (state: CallEntry['state']): CallEntry => ({
    kind: 'call',
    call_id: id,
    state,
    correlation_id: correlation,
    ...(request.kind === 'tool' ? {} : { call_kind: request.kind, method: request.method }),
    ...{ session_id: request.session.id, user_id: user },
    agent_id: request.client.id,
    agent_name: request.client.name,
    agent_identity: request.client.identity,
    ...tenantIn(request.client),
    ...{ tool_server: request.serverName, tool_name: request.toolName },
    protocol_generation: request.generation,
  })
  /** The salt is written with the first entry that holds the commitment, and so is the picture. */
  const commitment = (): string => {
    const made = commitTo(params)
    ;[salt, committed] = [made.salt, made.hash]
    return committed
  }
  const saltRow = () => (salt && !saltKept ? { call_id: id, salt, picture } : undefined)
  const appended = (decision: Decision | null) => {
    saltKept ||= salt !== null
    recorded = decision ?? recorded
  }
  const append = (entries: CallEntry[], call: DecidedCall | null = null): void => {
    audit.append(entries, call ? keeping(call, () => salt) : undefined, saltRow())
    appended(call?.decision ?? null)
  }
  const decidedEntry = (call: DecidedCall): CallEntry => {
    const { tool, purpose } = call.envelope
    decided = decisionFields(call.decision)
    const findings = counted(call.findings, 'arguments')
    const from = editedFrom === '' ? {} : { edited: true as const, edited_from: editedFrom }
    const first = saltKept ? {} : { arguments_hash: commitment(), ...from }
    if (!saltKept) picture = pictureOf(call.envelope, call.standing, askedTrace(call, deps))
    return {
      ...{ ...base('decided'), ...decided, ...first, risk_factors: call.envelope.risk.factors },
      ...{ tool_action: tool.action, tool_fingerprint: tool.fingerprint, data_classification: tool.classification },
      ...(purpose === '' ? {} : { purpose }),
      ...(findings.length > 0 ? { findings } : {}),
    }
  }
  const closedEntry = (outcome: Outcome, detail: Detail): CallEntry => {
    return {
      ...base('closed'),
      ...decided,
      ...(bounds.size > 0 ? { constraint_results: [...bounds.values()] } : {}),
      outcome,
      latency_ms: round(clock.monotonic() - started),
      ...(waited > 0 ? { wait_ms: Math.round(waited) } : {}),
      ...detail,
    }
  }

  return {
    /** The arguments are others from here on: the next decision commits to them, and names the commitment to those before. */
    edited(to: CallRequest): void {
      editedFrom = committed
      params = to.params
      keeping = argumentsKeeper(id, to, deps)
      ;[salt, saltKept] = [null, false]
    },

    /** What was seen of the bounds of the call before it runs; in place of what was seen when it was decided before. */
    checked(results: readonly ConstraintResult[]): void {
      bounds.clear()
      for (const result of results) this.bounded(result)
    },

    /** What a bound did to the call; the entry that closes it says so. */
    bounded(result: ConstraintResult): void {
      bounds.set(result.bound, { ...result, detail: result.detail.slice(0, longestDetail) })
    },

    held(call: DecidedCall, approvalId: string): void {
      heldAt = clock.monotonic()
      const level = call.decision.approval_level
      const held = { ...base('held'), approval_id: approvalId, ...(level ? { approval_level: level } : {}) }
      const rules = { rule_ids: call.decision.rules.map(({ id }) => id) }
      append([decidedEntry(call), { ...held, ...rules }], call)
    },

    answered(answer: Answer): void {
      waited += clock.monotonic() - heldAt
      const entry: CallEntry = { ...base('answered'), approval_id: answer.approvalId, wait_ms: Math.round(waited) }
      if (answer.kind === 'approved' || answer.kind === 'denied') {
        const how = { answered_by: answer.by, answered_door: answer.door, answer_reason: answer.reason }
        const edited = answer.edited === null ? {} : { edited: true as const }
        append([{ ...entry, ...how, ...edited, answer: answer.kind, shown_hash: answer.shownHash }])
      } else append([{ ...entry, answer: answer.kind === 'pending' ? 'timed_out' : answer.kind }])
    },

    /** Commits the decision (on the first attempt) and that the call is about to be sent, with `also` in the same transaction. */
    async forwarding(call: SettledCall, attempt: number, also?: () => void): Promise<void> {
      const entry: CallEntry = { ...base('forwarding'), attempt, ...settledFields(call) }
      const entries = attempt === 1 ? [decidedEntry(call), entry] : [entry]
      const keep = keeping(call, () => salt)
      await audit.appendTogether(entries, keep ? () => both(also, keep) : also, saltRow())
      appended(call.decision)
    },

    async closed(call: ScreenedCall, outcome: Outcome, responseHash: string): Promise<void> {
      const findings = counted(call.resultFindings, 'result')
      const dlp = findings.length > 0 ? { dlp_result: 'masked' as const, findings } : { dlp_result: 'clean' as const }
      const ran = { response_hash: responseHash, attempt: call.attempts, upstream_ms: round(call.upstreamMs) }
      await audit.appendTogether([closedEntry(outcome, { ...dlp, ...ran })])
    },

    /** Commits how a call ended that was refused, denied or failed; `call` is what was known when it did. */
    refused(refused: Refused, call: DecidedCall | null): void {
      const entries = call && call.decision !== recorded ? [decidedEntry(call)] : []
      const why = {
        reason_code: refused.code,
        ...(refused.lines[0] ? { reason: refused.lines[0].slice(0, longestReason) } : {}),
      }
      append([...entries, closedEntry(refused.outcome, why)], call)
    },
  }
}

function settledFields({ settledBy }: SettledCall): Detail {
  switch (settledBy.kind) {
    case 'policy':
      return {}
    case 'person':
    case 'continued':
      return { approval_id: settledBy.approvalId }
    case 'grant':
      return { grant_id: settledBy.grant.id, approval_id: settledBy.grant.approval_id }
  }
}

function both(first: (() => void) | undefined, second: () => void): void {
  first?.()
  second()
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
