import { hash } from 'node:crypto'
import type { Envelope } from '../shared/envelope.ts'
import { decide, type Facts } from '../src-main/core/policy/precedence.ts'
import { subjectOf as subjectOfCall } from '../src-main/core/policy/rule-index.ts'
import { compileSnapshot, type Snapshot } from '../src-main/core/policy/snapshot.ts'
import { benchServer, policyOf, subjectOf } from './policy.ts'
import { median, quantile } from './statistics.ts'

/**
 * Deciding under a policy of `rules` rules: microseconds for a tool that was decided about before (p50, and p95 of all single
 * decisions that were timed, tools that were not decided about before included) and for one that was not,
 * how many rules had to be looked at, and milliseconds to compile the policy.
 */
export type DecisionTime = {
  rules: number
  us: number
  p95Us: number
  firstUs: number
  candidates: number
  compileMs: number
}

const facts: Facts = {
  ...{ stopped: false, registered: true, tool: 'reviewed', observe: false },
  ...{ unbound: 'local.default', today: '2026-06-01', missingScopes: [], foreignTenants: [] },
  enforceable: new Set(['max_runtime_sec', 'max_retries'] as const),
}

/** Times `rounds` rounds of decisions over calls of tools that the policy names, one after another. */
export function measureDecisions(rules: number, rounds: number): DecisionTime {
  const file = { path: 'rules.yaml', text: policyOf(rules), origin: 'local' as const }
  const began = performance.now()
  const { snapshot, problems } = compileSnapshot([file], (text) => hash('sha256', text))
  const compileMs = performance.now() - began
  if (!snapshot) throw new Error(`the generated policy has problems: ${JSON.stringify(problems[0])}`)
  const subjects = Array.from({ length: 50 }, (_, index) => subjectOf(index * 7))
  const envelopes = [{ server: benchServer, tool: 'write_echo' }, ...subjects].map(envelopeOf)
  const single = envelopes.map((envelope) => decideAll([envelope], snapshot))
  const perCall: number[] = []
  for (let round = 0; round < rounds; round++) {
    perCall.push(decideAll(envelopes, snapshot) / envelopes.length)
    single.push(...envelopes.map((envelope) => decideAll([envelope], snapshot)))
  }
  const counts = envelopes.map((envelope) => snapshot.index.candidates(subjectOfCall(envelope)).length)
  const unseen = Array.from({ length: 500 }, (_, index) => envelopeOf({ ...subjectOf(index), tool: `new_${index}` }))
  const firstTimes = unseen.map((envelope) => decideAll([envelope], snapshot))
  return {
    ...{ rules, compileMs },
    us: median(perCall) * 1000,
    p95Us: quantile([...single, ...firstTimes], 0.95) * 1000,
    firstUs: median(firstTimes) * 1000,
    candidates: median(counts),
  }
}

/** Milliseconds for deciding about each of the calls once. */
function decideAll(envelopes: readonly Envelope[], snapshot: Snapshot): number {
  const began = performance.now()
  let errors = 0
  for (const envelope of envelopes) errors += decide(envelope, snapshot, facts).errors.length
  const ms = performance.now() - began
  if (errors > 0) throw new Error('a decision that is timed must not fail')
  return ms
}

/** A write as it is decided about; all but its server and tool is always the same. */
export function envelopeOf({ server, tool }: { server: string; tool: string }): Envelope {
  const action = 'write'
  return {
    call: { id: 'call-1', method: 'tools/call', kind: 'tool', generation: 'legacy' },
    client: { id: 'client-1', name: 'bench', identity: 'verified' },
    user: { id: 'user', roles: [] },
    server: { name: server, trust_level: 'restricted' },
    tool: {
      ...{ name: tool, namespace: server, verb: tool.split('_')[0] ?? tool, action, classification: 'internal' },
      ...{ module: server, tier: 2, tags: [], fingerprint: '' },
    },
    resource: { paths: ['/srv/notes/today.md'], hosts: [], uris: [] },
    names: [tool],
    args: { path: '/srv/notes/today.md', text: 'some text' },
    risk: { score: 35, factors: [{ name: 'action', points: 30, detail: action }] },
    risk_tags: ['non_prod'],
    scopes: { held: [], needed: [], bounded: false },
    tenant: { client: '', server: [] },
    environment: 'test',
    purpose: '',
    labels: { 'mcp.server': server, 'mcp.tool': tool, 'mcp.action': action },
  }
}
