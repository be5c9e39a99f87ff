import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Action, TrustLevel } from '../../../shared/envelope.ts'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import type { PolicyFile } from '../../../src-main/core/policy/rule.ts'
import type { Snapshot } from '../../../src-main/core/policy/snapshot.ts'
import { columns, file, type Row } from '../../golden/policy/make-precedence.ts'
import { allFine, envelope, rules, snapshotOfFiles } from './call.ts'

/** Tables of access policies, and of their bindings to the client of the call. */
const listed = 'access_policies: [{ id: files-only, allow: { prefixes: [files.] } }]'
const blocked = 'access_policies: [{ id: no-reading, allow_all: true, block: { tools: [read_*] } }]'
const accesses: Record<string, string | null> = {
  unbound: null,
  'lists it': `version: v1\n${listed}\nbindings: [{ policy: files-only, clients: [Editor] }]`,
  'blocks it': `version: v1\n${blocked}\nbindings: [{ policy: no-reading, clients: [client-1] }]`,
  empty: 'version: v1\nbindings: [{ policy: mcp.empty, clients: [Editor] }]',
}

const patterns = '"namespace_patterns": ["files"], "required_approval_level": 2'
const matching = 'id: the-rule, match: { labels: { mcp.server: files } }'
const policies: Record<string, string> = {
  none: rules('id: other, match: { labels: { mcp.server: elsewhere } }, decision: ALLOW'),
  'none by_risk': `default: by_risk\n${rules('id: other, match: { labels: { mcp.server: elsewhere } }, decision: ALLOW')}`,
  ALLOW: rules(`${matching}, decision: ALLOW`),
  'ALLOW accepting 80': rules(`${matching}, decision: ALLOW, accept_risk: 80`),
  ALLOW_WITH_CONSTRAINTS: rules(`${matching}, decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_retries: 0 }`),
  'ASK 1': rules(`${matching}, decision: REQUIRE_APPROVAL`),
  'ASK 1 accepting 80': rules(`${matching}, decision: REQUIRE_APPROVAL, accept_risk: 80`),
  'ASK 4': rules(`${matching}, decision: REQUIRE_APPROVAL, level: 4`),
  DENY: rules(`${matching}, decision: DENY`),
  'tool file': 'tool: files.read_file\nroles: [on-call]\nreview: { next_review: 2026-06-01 }',
  'tool file for others': 'tool: files.read_file\nroles: [dba]',
  'tool file overdue': 'tool: files.read_file\nreview: { next_review: 2026-05-31 }',
  'pattern ALLOW from 50': `{ "policy_name": "p", "action": "ALLOW", ${patterns}, "risk_threshold": 50 }`,
  'pattern EVALUATE from 50': `{ "policy_name": "p", "action": "EVALUATE", ${patterns}, "risk_threshold": 50 }`,
  'pattern DENY from 90': `{ "policy_name": "p", "action": "DENY", ${patterns}, "risk_threshold": 90 }`,
  broken: rules(`${matching}, decision: ALLOW, when: args.absent == 1`),
}

test('every row of the precedence table', () => {
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  expect(header).toBe(columns.join(','))
  const rows = lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])) as Record<keyof Row, string>
  })
  const snapshots = new Map<string, Snapshot>()
  const snapshotFor = ({ rules: name, origin, access }: Pick<Row, 'rules' | 'origin' | 'access'>) => {
    const key = `${name}/${origin}/${access}`
    const known = snapshots.get(key)
    if (known) return known
    const [text, bound] = [policies[name], accesses[access]]
    if (text === undefined || bound === undefined)
      throw new Error(`the table names what the test does not know: ${key}`)
    const side = origin as PolicyFile['origin']
    const files = [{ path: 'rules.yaml', text, origin: side }]
    const made = snapshotOfFiles(
      bound === null ? files : [...files, { path: 'access.yaml', text: bound, origin: side }],
    )
    snapshots.set(key, made)
    return made
  }

  const decided = rows.map((row) => {
    const parts = { risk: Number(row.risk), trust: row.trust as TrustLevel, action: row.action as Action }
    const call = envelope({ ...parts, roles: ['on-call'] })
    const facts = { ...allFine, observe: row.observe === 'on' }
    const { effect, approval_level, observed } = decide(call, snapshotFor(row), facts)
    return { ...row, decision: effect, level: String(approval_level ?? ''), observed: observed ?? '' }
  })

  expect(rows.length).toBeGreaterThan(2000)
  expect(decided).toEqual(rows)
})
