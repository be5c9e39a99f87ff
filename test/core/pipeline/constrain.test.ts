import { expect, test } from 'vitest'
import type { Alert } from '../../../shared/decision.ts'
import { createRateLimits } from '../../../src-main/core/constraints/rate-limits.ts'
import type { Deps, JudgedCall } from '../../../src-main/core/pipeline/call.ts'
import { constrain, noteChecked } from '../../../src-main/core/pipeline/constrain.ts'
import { snapshotOf } from '../policy/call.ts'

const policy = (constraints: string) =>
  snapshotOf(
    `version: v1\nrules:\n  - { id: r, match: { labels: { mcp.server: db } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { ${constraints} } }\n`,
  )

/** What the stage says of a call of `sql` that a rule bounds, and what it raised. */
async function constrained(constraints: string, alerts: Alert[], calls = 1) {
  const raised: unknown[] = []
  const snapshot = policy(constraints)
  const [rule] = snapshot.rules
  const deps = {
    ...{ snapshot: () => snapshot, user: 'ada', rates: createRateLimits({ monotonic: () => 0 }) },
    sql: {
      find: () => 'SELECT * FROM secrets',
      check: async () => ({ ok: false, bound: 'blocked_tables', why: '`secrets` is blocked' }) as const,
    },
    alert: (kind: Alert, detail: object) => raised.push([kind, detail]),
  }
  const call = {
    ...{
      id: 'call-1',
      tool: null,
      server: { name: 'db', sql_dialect: 'sqlite', tools: new Map() },
      envelope: { tool: { action: 'read' } },
    },
    trail: { checked: () => {} },
    request: { kind: 'tool', serverName: 'db', toolName: 'query', client: { id: 'c', name: 'Editor' }, args: {} },
    decision: { effect: 'ALLOW', matched: ['r'], constraints: rule?.constraints, alerts },
  }
  for (let i = 1; i < calls; i++) {
    const { checked } = await constrain(call as unknown as JudgedCall, deps as unknown as Deps)
    deps.rates.take(checked.counts)
  }
  const judged = await constrain(call as unknown as JudgedCall, deps as unknown as Deps)
  expect(raised).toEqual([])
  noteChecked(judged, deps as unknown as Deps)
  return { code: judged.decision.code, raised }
}

const limit = 'rate_limit: { max_calls: 1, per_sec: 60, by: user }'

test('people are told of what the rules ask to be told of, and of nothing else', async () => {
  const told = { call: 'call-1', server: 'db', tool: 'query', client: 'Editor', rules: ['r'] }
  expect(await constrained('blocked_tables: secrets', ['blocked_table_attempt'])).toEqual({
    code: 'CONSTRAINT_VIOLATED',
    raised: [['blocked_table_attempt', { ...told, why: '`blocked_tables`, set by `r`: `secrets` is blocked' }]],
  })
  expect(await constrained('blocked_tables: secrets', ['rate_limited', 'large_result_set'])).toMatchObject({
    raised: [],
  })
  expect(await constrained(limit, ['rate_limited'], 2)).toMatchObject({
    code: 'RATE_LIMITED',
    raised: [['rate_limited', told]],
  })
  expect(await constrained(limit, [], 2)).toEqual({ code: 'RATE_LIMITED', raised: [] })
})
