import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallEntry } from '../shared/audit.ts'
import { seal, searchColumns } from '../src-main/core/audit/chain.ts'
import { enforceableFor } from '../src-main/core/constraints/enforceable.ts'
import { compileSnapshot, type Snapshot } from '../src-main/core/policy/snapshot.ts'
import { pictureOf } from '../src-main/core/replay/picture.ts'
import { replay } from '../src-main/core/replay/replay.ts'
import { auditTable } from '../src-main/core/store/audit-table.ts'
import { openDatabase } from '../src-main/core/store/database.ts'
import { replayTable } from '../src-main/core/store/replay-table.ts'
import { envelopeOf } from './measure-decisions.ts'
import { policyOf, subjectOf } from './policy.ts'

/** Deciding recorded calls again: how many, under how many rules, how many in a second, and ms for which others waited at most. */
export type ReplayTime = { calls: number; rules: number; perSecond: number; longestMs: number }

/** Replays `calls` calls that lie in a database as the gateway keeps them, each with three records, under `rules` rules. */
export async function measureReplay(calls: number, rules: number): Promise<ReplayTime> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-replay-'))
  const db = openDatabase(join(folder, 'toolgate.db'))
  try {
    record(auditTable(db), calls, db.transaction.bind(db))
    const snapshot = compiled(rules)
    const options = {
      sinceMs: 0,
      limit: calls,
      list: 20,
      enforceable: () => enforceableFor(null, { whyNot: () => null }).enforceable,
      foreign: () => false,
    }
    const { decided } = replayTable(db)
    // Once for the compiler, once for the figure.
    await replay(decided, snapshot, { ...options, limit: Math.min(calls, 2000) })
    const delay = longestDelay()
    const began = performance.now()
    const found = await replay(decided, snapshot, options)
    const ms = performance.now() - began
    if (found.calls !== calls || found.cannot.calls > 0)
      throw new Error('a replay that is timed must decide every call')
    return { calls, rules, perSecond: (calls / ms) * 1000, longestMs: delay.end() }
  } finally {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function compiled(rules: number): Snapshot {
  const file = { path: 'rules.yaml', text: policyOf(rules), origin: 'local' as const }
  const { snapshot } = compileSnapshot([file], (text) => hash('sha256', text))
  if (!snapshot) throw new Error('the generated policy has problems')
  return snapshot
}

type Table = ReturnType<typeof auditTable>

function record(table: Table, calls: number, transaction: (fill: () => void) => () => void): void {
  let last = ''
  let seq = 0
  transaction(() => {
    for (let index = 0; index < calls; index++) {
      const { entry, picture } = callOf(index)
      const states = ['decided', 'forwarding', 'closed'] as const
      const rows = states.map((state) => {
        const input: CallEntry = { ...entry, state }
        const sealed = seal(input, ++seq, new Date().toISOString(), last)
        last = sealed.hash
        return { seq, body: sealed.body, hash: sealed.hash, ...searchColumns(input) }
      })
      const salt = { call_id: entry.call_id, salt: Buffer.alloc(32), picture }
      table.insert({ rows, salts: [salt], checkpoint: null })
    }
  })()
}

function callOf(index: number): { entry: CallEntry; picture: string } {
  const subject = subjectOf(index % 997)
  const envelope = envelopeOf(subject)
  const { client, user, tool, risk, server } = envelope
  const entry: CallEntry = {
    ...{ kind: 'call', call_id: `call_${index}`, state: 'decided', correlation_id: `call_${index}` },
    ...{ session_id: 'session_1', user_id: user.id, agent_id: client.id, agent_name: client.name },
    ...{ agent_identity: client.identity, tool_server: server.name, tool_name: tool.name, tool_action: tool.action },
    ...{ tool_fingerprint: hash('sha256', tool.name), data_classification: tool.classification },
    ...{ protocol_generation: 'modern', arguments_hash: hash('sha256', String(index)), policy_decision: 'ALLOW' },
    ...{ reason: `rule \`rule-${index % 997}\` allows this call`, rule_ids: [`rule-${index % 997}`] },
    ...{ matched_rules: [`rule-${index % 997}`], snapshot_hash: hash('sha256', 'snapshot'), constraints: {} },
    ...{ risk_score: risk.score, risk_factors: risk.factors },
  }
  return { entry, picture: pictureOf(envelope, 'reviewed') }
}

/** How long others have to wait for their turn at most while something goes on. */
function longestDelay(): { end: () => number } {
  let longest = 0
  let last = performance.now()
  let going = true
  const look = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (going) setImmediate(look)
  }
  setImmediate(look)
  return {
    end() {
      going = false
      return longest
    },
  }
}
