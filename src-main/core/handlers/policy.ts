import { basename } from 'node:path'
import type { GrantSuggestion } from '../../../shared/approval.ts'
import { CallError } from '../../../shared/call-errors.ts'
import type { CallSketch, NarrowedPolicy, PolicyExplanation, PolicySource } from '../../../shared/policy-tools.ts'
import type { AuditLog } from '../audit/log.ts'
import { type CoreHandlers, nameAt } from '../control/handlers.ts'
import type { AskedBefore } from '../grants/asked-before.ts'
import { unsuggestedLevel } from '../grants/offers.ts'
import { explain } from '../policy/explain.ts'
import { lineOfCode, lineWords } from '../policy/line.ts'
import { type Kept, withNarrowRule } from '../policy/narrow-rule.ts'
import { quote } from '../policy/quote.ts'
import { envelopeOf } from '../policy/sketch.ts'
import type { Snapshot } from '../policy/snapshot.ts'
import { runTests } from '../policy/tests/run-tests.ts'
import type { Clock } from '../ports.ts'
import { callFacts } from '../replay/call-facts.ts'
import { type Recorded, recordedCall } from '../replay/recorded.ts'
import { type Enforceable, eachRecorded, factsOf, parseDecided, replay, scoredUnder } from '../replay/replay.ts'
import { suggest } from '../replay/suggest.ts'
import type { PolicyChanges } from '../snapshots/change-policy.ts'
import { diffSnapshots } from '../snapshots/diff.ts'
import type { Snapshots } from '../snapshots/snapshots.ts'
import type { ClientsTable } from '../store/registry-tables.ts'
import type { ReplayTable } from '../store/replay-table.ts'

type Names = 'explain' | 'diff' | 'replay' | 'suggest' | 'narrow' | 'test' | 'history' | 'export' | 'save' | 'rollback'
type PolicyHandlers = Pick<CoreHandlers, `policy.${Names}` | 'policy.show' | 'policy.confirm' | 'policy.files'>

type Deps = {
  snapshots: Snapshots
  changes: PolicyChanges
  audit: Pick<AuditLog, 'settle'>
  records: ReplayTable
  clock: Clock
  user: string
  /** The bounds that can be held for a server of this name. */
  enforceable: Enforceable
  clients: Pick<ClientsTable, 'isForeign'>
  askedBefore: Pick<AskedBefore, 'suggestions'>
}

const dayMs = 86_400_000

/** Calls that suggestions are drawn from at most: they are held in memory together. */
const mostSuggestedFrom = 20_000

/** The policy: what is in force, why it decides as it does, what another would do, and changes of its files. */
export function policyHandlers(deps: Deps): PolicyHandlers {
  const { snapshots, changes, clock } = deps
  const since = (days: number) => clock.now() - days * dayMs

  return {
    'policy.show': () => snapshots.view(),
    'policy.files': () => snapshots.files(),
    'policy.confirm': ({ hash }, door) => snapshots.confirm(hash, nameAt(door, deps.user)),
    'policy.explain': ({ call, policy }) => explainCall(call, policy, deps),

    'policy.diff': ({ from, to }) => {
      const [before, after] = [snapshots.find(from), snapshots.find(to)]
      if (from !== 'in_force' && !before.snapshot) throw broken(before.problems[0])
      if (after.snapshot) return { ...diffSnapshots(before.snapshot, after.snapshot), problems: [] }
      const nothing = { loosens: [], tightens: [], added: [], removed: [], changed: [], files: [] }
      return { from: before.snapshot?.hash ?? null, to: null, problems: after.problems, ...nothing }
    },

    'policy.replay': async ({ policy, since_days, limit, list }) => {
      const { snapshot, problems } = snapshots.find(policy)
      const options = {
        sinceMs: since(since_days),
        limit,
        list,
        enforceable: deps.enforceable,
        foreign: deps.clients.isForeign,
      }
      deps.audit.settle()
      const decisions = snapshot ? deps.records.decided : () => []
      const done = await replay(decisions, snapshot, options)
      return { policy: snapshot?.hash ?? null, problems, ...done }
    },

    'policy.suggest': async ({ since_days, server }) => {
      const calls: Recorded[] = []
      deps.audit.settle()
      const options = { sinceMs: since(since_days), limit: mostSuggestedFrom }
      await eachRecorded(deps.records.forwarded, options, (call) => {
        if (server === null || call.envelope.server.name === server) calls.push(call)
      })
      const compile = (text: string) => compiled(text, snapshots)
      return { since: new Date(options.sinceMs).toISOString(), calls: calls.length, ...suggest(calls, compile) }
    },

    'policy.narrow': ({ client, tenant, server, tool, policy }) => {
      const suggestions = deps.askedBefore.suggestions([])
      const found = suggestions.find(
        (each) => each.client.id === client && each.tenant === tenant && each.server === server && each.tool === tool,
      )
      if (!found) throw new CallError('NOT_FOUND', 'nobody allowed this often enough lately, in one folder')
      const kept = { ...found, client, tenant: deps.clients.isForeign(client) ? (tenant ?? '') : null }
      return narrowedBy(kept, policy, snapshots)
    },

    'policy.test': ({ policy }) => {
      const { snapshot, problems } = snapshots.find(policy)
      return snapshot ? runTests(snapshot) : { ok: problems.length === 0, tests: [], problems }
    },

    'policy.history': ({ limit }) => changes.history(limit),
    'policy.export': ({ policy }) => {
      const { snapshot, problems } = snapshots.find(policy)
      if (!snapshot) throw broken(problems[0])
      return {
        ...{ format: 'toolgate-policy/1', hash: snapshot.hash, files: [...snapshot.files] },
        ...{ exported_at: new Date(clock.now()).toISOString(), history: changes.history(1000) },
      }
    },

    'policy.save': ({ reason, ...change }, door) => changes.save(change, { reason, door: door.name }),
    'policy.rollback': ({ hash, reason }, door) => changes.rollback(hash, { reason, door: door.name }),
  }
}

/** The policy with each rule that asked about a suggestion's calls narrowed, and a copy of each that allows them. */
function narrowedBy(
  found: Kept & Pick<GrantSuggestion, 'rules' | 'elsewhere'>,
  policy: PolicySource,
  snapshots: Snapshots,
): NarrowedPolicy {
  const { snapshot, problems } = snapshots.find(policy)
  if (!snapshot) throw broken(problems[0])
  const asking = snapshot.rules.filter(({ id, effect }) => found.rules.includes(id) && effect === 'REQUIRE_APPROVAL')
  if (asking.length === 0 || found.elsewhere)
    throw new CallError('NOT_FOUND', 'no rule of this policy asks about calls that name no other place')
  const other = asking.find(
    ({ origin, level, ref }) => origin === 'org' || (level ?? 1) >= unsuggestedLevel || ref.file.endsWith('.json'),
  )
  if (other) {
    const why = `${quote(other.id)}, which asks, is your organisation's, of level ${unsuggestedLevel} or more, or in a JSON file`
    throw new CallError('BAD_INPUT', why, 'change it by hand')
  }
  const files = new Map(snapshot.files.map(({ path, text }) => [path, text]))
  const changed = new Map<string, string>()
  const added: string[] = []
  for (const { id, ref } of asking) {
    const allow = freeRuleId(`${id}-not-in-${basename(found.folder)}`, snapshot)
    const text = withNarrowRule(changed.get(ref.file) ?? files.get(ref.file) ?? '', id, found, allow)
    if (text === null) continue
    changed.set(ref.file, text)
    added.push(allow)
  }
  if (added.length === 0) throw new CallError('NOT_FOUND', 'the rules that asked leave these calls out already')
  const drafted = [...changed].map(([path, text]) => ({ path, text }))
  return { narrowed: asking.map(({ id }) => id), added, files: drafted }
}

function freeRuleId(wanted: string, { rules }: Snapshot): string {
  const base = wanted.replace(/[^a-z0-9._-]+/gi, '-').slice(0, 80)
  const taken = new Set(rules.map(({ id }) => id))
  let id = base
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`
  return id
}

/** A rule file by itself, as a policy. Throws when it has problems, which what we write ourselves must not have. */
function compiled(text: string, snapshots: Snapshots): Snapshot {
  const draft = { files: [{ path: 'suggested.yaml', text }], on: 'nothing' as const }
  const { snapshot, problems } = snapshots.find({ draft })
  if (!snapshot) throw new Error(`suggested rules have problems: ${JSON.stringify(problems[0])}`)
  return snapshot
}

function broken(problem: { file: string; line: number; column: number; message: string } | undefined): CallError {
  if (!problem) return new CallError('NOT_FOUND', 'no policy is in force')
  const { file, line, column, message } = problem
  return new CallError('POLICY_PROBLEM', `${file}:${line}:${column}: ${message}`)
}

type Asked = { call_id: string } | { sketch: CallSketch }

function explainCall(asked: Asked, policy: PolicySource, deps: Deps): PolicyExplanation {
  const recorded = 'call_id' in asked ? findCall(asked.call_id, deps) : null
  const { snapshot, problems } = deps.snapshots.find(policy)
  const known = recorded ? recorded.envelope : envelopeOf((asked as { sketch: CallSketch }).sketch)
  const envelope = scoredUnder(known, snapshot)
  const missing: Recorded['missing'] = recorded?.missing ?? new Set()
  const facts = recorded
    ? factsOf(recorded, deps.enforceable, deps.clients.isForeign)
    : factsOf(
        { standing: 'reviewed', envelope, at: new Date(deps.clock.now()).toISOString() },
        deps.enforceable,
        deps.clients.isForeign,
      )
  const about = {
    ...{ policy: snapshot?.hash ?? null, problems, call: callFacts(envelope, missing) },
    ...{ recorded: recorded?.before ?? null, risk: envelope.risk },
  }
  if (!snapshot) {
    const says = problems.length > 0 ? 'this policy cannot be put into force' : lineWords(1)
    const nothing = { rules: [], left_out: 0, bounds: [], missing: [], decision: null }
    return { ...about, ...nothing, line: { number: 1, says } }
  }
  const explained = explain({ envelope, missing, facts }, snapshot)
  if (recorded?.builtIn == null) return { ...about, ...explained }
  // Whatever the rules say: it was refused by what they cannot change.
  const number = lineOfCode(recorded.builtIn)
  return { ...about, ...explained, decision: recorded.before, line: { number, says: lineWords(number) }, bounds: [] }
}

function findCall(id: string, { audit, records }: Deps): Recorded {
  audit.settle()
  const row = records.decidedFirst(id)
  const record = row && parseDecided(row)
  if (!record)
    throw new CallError(
      'NOT_FOUND',
      `no decision about a call \`${id.slice(0, 80)}\` is on record`,
      'see `toolgate audit tail`',
    )
  return recordedCall(record, row.picture)
}
