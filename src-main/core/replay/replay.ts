import type { CallEntry, StoredEntry } from '../../../shared/audit.ts'
import type { Envelope } from '../../../shared/envelope.ts'
import type { PolicyReplay, ReplayedChange, Verdict } from '../../../shared/policy-tools.ts'
import { foreignTenants, missingScopes } from '../envelope/belongs.ts'
import { decidePartly } from '../policy/decide-partly.ts'
import { verdictOf } from '../policy/explain.ts'
import type { Facts } from '../policy/precedence.ts'
import type { Snapshot } from '../policy/snapshot.ts'
import { scoreAgain } from '../risk/score.ts'
import type { DecidedRow } from '../store/replay-table.ts'
import { type Recorded, recordedCall } from './recorded.ts'

/** Where recorded decisions come from: a page of those with a smaller number than `before`, newest first. */
export type Decisions = (before: number, limit: number) => readonly DecidedRow[]

/** The bounds that can be held for a server. */
export type Enforceable = (server: string) => Facts['enforceable']

/** Whether a client is somebody else's, by its id. */
export type Foreign = (client: string) => boolean

/** What to replay; times in milliseconds since 1970. */
export type ReplayOptions = { sinceMs: number; limit: number; list: number; enforceable: Enforceable; foreign: Foreign }

/** Calls decided before others get a turn: one or two milliseconds. */
const atOnce = 64

/** Decides recorded calls again under another policy and counts what would have become of them. Lets other work go on meanwhile. */
export async function replay(
  decisions: Decisions,
  snapshot: Snapshot | null,
  options: ReplayOptions,
): Promise<Omit<PolicyReplay, 'policy' | 'problems'>> {
  const began = performance.now()
  const counts = { calls: 0, same: 0, denied: 0, asked: 0, allowed: 0, bounded: 0 }
  const cannot: PolicyReplay['cannot'] = { calls: 0, needs: {} }
  const changes: ReplayedChange[] = []
  const { cut } = await eachRecorded(decisions, options, (call) => {
    const after = again(call, snapshot, options)
    if ('needs' in after) {
      cannot.calls++
      for (const need of after.needs) cannot.needs[need] = (cannot.needs[need] ?? 0) + 1
      return
    }
    counts.calls++
    const what = changeOf(call.before, after.verdict)
    counts[what]++
    if (what !== 'same' && changes.length < options.list) changes.push(named(call, after.verdict))
  })
  const changed = counts.calls - counts.same
  return {
    ...counts,
    ...{ cannot, cut, changes, more: changed - changes.length },
    since: new Date(options.sinceMs).toISOString(),
    took_ms: Math.round(performance.now() - began),
  }
}

/** Goes through recorded calls, newest first, each by its first decision. `cut`: there were more. */
export async function eachRecorded(
  decisions: Decisions,
  { sinceMs, limit }: Pick<ReplayOptions, 'sinceMs' | 'limit'>,
  visit: (call: Recorded) => void,
): Promise<{ calls: number; cut: boolean }> {
  let before = Number.MAX_SAFE_INTEGER
  let calls = 0
  for (;;) {
    const rows = decisions(before, atOnce)
    for (const row of rows) {
      const record = parseDecided(row)
      // Only the first decision about a call carries the commitment to its arguments.
      if (!record || record.arguments_hash === undefined) continue
      if (Date.parse(record.timestamp) < sinceMs) return { calls, cut: false }
      if (calls >= limit) return { calls, cut: true }
      visit(recordedCall(record, row.picture))
      calls++
    }
    const last = rows.at(-1)
    if (!last || rows.length < atOnce) return { calls, cut: false }
    before = last.seq
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** The record of a decision; null when its text is damaged, which `toolgate audit verify` then names. */
export function parseDecided({ body }: DecidedRow): (StoredEntry & CallEntry) | null {
  try {
    const entry = JSON.parse(body) as StoredEntry
    return entry.kind === 'call' ? entry : null
  } catch {
    return null
  }
}

/**
 * What is known of a recorded call besides its envelope; whoever stopped it then is not asked again. Reviews are due as they were
 * on the day of the call.
 */
export function factsOf(
  { standing, envelope, at }: Pick<Recorded, 'standing' | 'envelope' | 'at'>,
  enforceable: Enforceable,
  foreign: Foreign,
): Facts {
  return {
    ...{ stopped: false, registered: true, tool: standing, observe: false },
    unbound: foreign(envelope.client.id) ? 'mcp.empty' : 'local.default',
    today: at.slice(0, 10),
    missingScopes: missingScopes(envelope.scopes),
    foreignTenants: foreignTenants(envelope.tenant),
    enforceable: enforceable(envelope.server.name),
  }
}

/** The call with its risk as a policy counts it: the factors are those of the record, what each counts is the policy's. */
export function scoredUnder(envelope: Envelope, snapshot: Snapshot | null): Envelope {
  const { factors } = envelope.risk
  return snapshot && factors.length > 0 ? { ...envelope, risk: scoreAgain(factors, snapshot.points) } : envelope
}

function again(
  call: Recorded,
  snapshot: Snapshot | null,
  { enforceable, foreign }: ReplayOptions,
): { verdict: Verdict } | { needs: string[] } {
  if (call.builtIn !== null) return { verdict: call.before }
  const { decision, needs } = decidePartly(
    scoredUnder(call.envelope, snapshot),
    call.missing,
    snapshot,
    factsOf(call, enforceable, foreign),
  )
  return decision ? { verdict: verdictOf(decision) } : { needs: [...needs] }
}

function changeOf(before: Verdict, after: Verdict): 'same' | 'denied' | 'asked' | 'allowed' | 'bounded' {
  const [was, is] = [kindOf(before), kindOf(after)]
  if (was !== is) return is
  if (is === 'denied') return 'same'
  const alike = before.level === after.level && text(before.constraints) === text(after.constraints)
  return alike ? 'same' : 'bounded'
}

function kindOf({ effect }: Verdict): 'denied' | 'asked' | 'allowed' {
  return effect === 'DENY' ? 'denied' : effect === 'REQUIRE_APPROVAL' ? 'asked' : 'allowed'
}

/** Records are canonical JSON, whose keys stand in order. */
function text(constraints: Verdict['constraints']): string {
  return JSON.stringify(Object.entries(constraints).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** A call as lists name it. */
export function nameOf({ call_id, at, envelope }: Recorded): Omit<ReplayedChange, 'before' | 'after'> {
  const { client, server, tool, call, names } = envelope
  const name = tool.name === '' ? (names[0] ?? '') : tool.name
  return { call_id, at, client: client.name, server: server.name, tool: name, kind: call.kind, action: tool.action }
}

function named(call: Recorded, after: Verdict): ReplayedChange {
  return { ...nameOf(call), before: call.before, after }
}
