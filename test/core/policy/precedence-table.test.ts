import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Action, TrustLevel } from '../../../shared/envelope.ts'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import { columns, file, type Row } from '../../golden/policy/make-precedence.ts'
import { allFine, envelope, rules, snapshotOf } from './call.ts'

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
  broken: rules(`${matching}, decision: ALLOW, when: args.absent == 1`),
}

test('every row of the precedence table', () => {
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  expect(header).toBe(columns.join(','))
  const rows = lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])) as Record<keyof Row, string>
  })
  const snapshots = new Map(
    Object.entries(policies).flatMap(([name, text]) =>
      (['local', 'org'] as const).map((origin) => [`${name}/${origin}`, snapshotOf(text, origin)]),
    ),
  )

  const decided = rows.map((row) => {
    const call = envelope({ risk: Number(row.risk), trust: row.trust as TrustLevel, action: row.action as Action })
    const facts = { ...allFine, access: row.access as 'allowed' | 'denied', observe: row.observe === 'on' }
    const snapshot = snapshots.get(`${row.rules}/${row.origin}`)
    if (!snapshot) throw new Error(`the table names rules that the test does not know: ${row.rules}`)
    const { effect, approval_level, observed } = decide(call, snapshot, facts)
    return { ...row, decision: effect, level: String(approval_level ?? ''), observed: observed ?? '' }
  })

  expect(rows.length).toBeGreaterThan(2000)
  expect(decided).toEqual(rows)
})
