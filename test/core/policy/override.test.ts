import { describe, expect, test } from 'vitest'
import { decideWith, rules } from './call.ts'

const all = 'match: { labels: { mcp.server: "*" } }'
const allowAll = `id: allow-all, ${all}, decision: ALLOW`
const denyAll = `id: deny-all, ${all}, decision: DENY`
const bounded = `id: b, ${all}, decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_retries: 0 }`
const ask = `id: ask, ${all}, decision: REQUIRE_APPROVAL`

describe('an override relaxes what lines 4–7 would deny or ask about', () => {
  test.each([
    ['line 4', rules(allowAll), { unbound: 'mcp.empty' }, {}, 'DENY'],
    ['line 5', rules(ask), {}, {}, 'REQUIRE_APPROVAL'],
    ['line 6', rules(allowAll), {}, { risk: 90 }, 'REQUIRE_APPROVAL'],
    ['line 7', rules('id: o, match: { labels: { mcp.server: other } }, decision: ALLOW'), {}, {}, 'DENY'],
  ] as const)('%s', (_, text, facts, parts, would) => {
    for (const observe of [false, true]) {
      expect(decideWith(text, parts, { ...facts, observe, override: true })).toMatchObject({
        ...{ effect: 'ALLOW', code: null, observed: would, overridden: true, approval_level: null },
      })
    }
  })

  test('and keeps the bounds that rules set', () => {
    expect(decideWith(rules(ask, bounded), {}, { override: true })).toMatchObject({
      ...{ effect: 'ALLOW_WITH_CONSTRAINTS', observed: 'REQUIRE_APPROVAL', constraints: { max_retries: 0 } },
    })
    const untouched = decideWith(rules(bounded), {}, { override: true })
    expect(untouched).toMatchObject({ effect: 'ALLOW_WITH_CONSTRAINTS', observed: null })
    expect(untouched).not.toHaveProperty('overridden')
  })
})

describe('an override relaxes nothing else', () => {
  test('a client that may not use the tool at all is held to the bounds of its rules', () => {
    const facts = { unbound: 'mcp.empty' as const, override: true }
    expect(decideWith(rules(bounded), {}, facts)).toMatchObject({
      ...{ effect: 'ALLOW_WITH_CONSTRAINTS', observed: 'DENY', constraints: { max_retries: 0 } },
    })
  })

  test('where a bound cannot be held the call is not made', () => {
    const text = rules(
      'id: net, match: { labels: { mcp.server: "*" } }, decision: ALLOW_WITH_CONSTRAINTS, constraints: { network_allowlist: [a.example] }',
    )
    const facts = { enforceable: new Set(['max_runtime_sec'] as const), override: true }
    expect(decideWith(text, {}, facts)).toMatchObject({ effect: 'DENY', code: 'CONSTRAINT_UNENFORCEABLE' })
  })

  const failing = `${all}, decision: ALLOW, when: 'args.nothing.here == 1'`
  test.each([
    ['line 1', rules(`id: broken, ${failing}`), {}, 'POLICY_ERROR'],
    ['line 2, stopped', rules(allowAll), { stopped: true }, 'STOPPED'],
    ['line 2, held tool', rules(allowAll), { tool: 'held' }, 'TOOL_CHANGED'],
    ['line 2, scope', rules(allowAll), { missingScopes: ['x'] }, 'SCOPE_MISSING'],
    ['line 3', rules(allowAll, denyAll), {}, 'POLICY_DENIED'],
  ] as const)('%s', (_, text, facts, code) => {
    expect(decideWith(text, {}, { ...facts, override: true })).toMatchObject({ effect: 'DENY', code, observed: null })
  })

  test('a call across tenants still asks', () => {
    expect(decideWith(rules(allowAll), {}, { foreignTenants: ['acme'], override: true })).toMatchObject({
      ...{ effect: 'REQUIRE_APPROVAL', approval_level: 2 },
    })
  })
})
