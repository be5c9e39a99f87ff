import { expect, test } from 'vitest'
import type { Constraints } from '../../../shared/constraints.ts'
import { compareSnapshots } from '../../../src-main/core/policy/compare.ts'
import { decideWith, rules, snapshotOf } from './call.ts'

const everything = new Set<keyof Constraints>([
  ...(['max_runtime_sec', 'max_retries', 'rate_limit', 'max_bytes', 'max_rows', 'network_allowlist'] as const),
  ...(['read_paths', 'write_paths', 'read_only', 'blocked_tables', 'require_where_clause', 'mask_fields'] as const),
])

/** What holds when two rules match, each with these constraints. */
function together(a: string, b: string) {
  const rule = (id: string, bounds: string) =>
    `id: ${id}, match: { labels: { mcp.server: "*" } }, decision: ALLOW, constraints: { ${bounds} }`
  return decideWith(rules(rule('a', a), rule('b', b)), {}, { enforceable: everything })
}

test.each<[string, string, Constraints]>([
  ['max_bytes: 10', 'max_bytes: 5', { max_bytes: 5 }],
  ['max_rows: 1', 'max_rows: 100', { max_rows: 1 }],
  ['read_only: true', 'read_only: false, max_rows: 3', { read_only: true, max_rows: 3 }],
  ['blocked_tables: [a, b]', 'blocked_tables: c', { blocked_tables: ['a', 'b', 'c'] }],
  ['mask_fields: [email]', 'mask_fields: [email, phone]', { mask_fields: ['email', 'phone'] }],
  ['read_paths: [/srv/a, /tmp]', 'read_paths: [/srv, /home]', { read_paths: ['/srv/a'] }],
  ['write_paths: []', 'write_paths: []', { write_paths: [] }],
  [
    'rate_limit: { max_calls: 9, per_sec: 60, by: client }',
    'rate_limit: [{ max_calls: 5, per_sec: 60, by: client }, { max_calls: 99, per_sec: 60, by: tool }]',
    {
      rate_limit: [
        { by: 'client', max_calls: 5, per_sec: 60 },
        { by: 'tool', max_calls: 99, per_sec: 60 },
      ],
    },
  ],
])('%s and %s hold together', (a, b, held) => {
  expect(together(a, b).constraints).toEqual(held)
  expect(together(b, a).constraints).toEqual(held)
})

test.each([
  ['read_paths: [/srv/a]', 'read_paths: [/srv/ab]'],
  ['write_paths: [/srv]', 'write_paths: []'],
  ['network_allowlist: [a.test]', 'network_allowlist: [b.test]'],
])('%s and %s exclude each other, so nothing runs', (a, b) => {
  expect(together(a, b)).toMatchObject({ effect: 'DENY', code: 'CONSTRAINT_CONFLICT' })
})

/** Whether a rule whose constraints change from one to the other becomes looser. */
function loosens(before: string, after: string): boolean {
  const policy = (bounds: string) =>
    snapshotOf(rules(`id: a, match: { labels: { mcp.server: "*" } }, decision: ALLOW, constraints: { ${bounds} }`))
  return compareSnapshots(policy(before), policy(after)).loosens.length > 0
}

test.each([
  ['max_bytes: 10', 'max_bytes: 9'],
  ['read_paths: [/srv]', 'read_paths: [/srv/a, /srv/b]'],
  ['blocked_tables: [a]', 'blocked_tables: [a, b]'],
  ['max_rows: 5', 'max_rows: 5, read_only: true'],
  ['rate_limit: { max_calls: 9, per_sec: 60, by: client }', 'rate_limit: { max_calls: 8, per_sec: 60, by: client }'],
])('from %s to %s is tighter, and back is looser', (before, after) => {
  expect(loosens(before, after)).toBe(false)
  expect(loosens(after, before)).toBe(true)
})

test('a limit over another time is not known to be tighter', () => {
  const limit = (calls: number, seconds: number) =>
    `rate_limit: { max_calls: ${calls}, per_sec: ${seconds}, by: client }`
  expect(loosens(limit(10, 60), limit(1, 6))).toBe(true)
})
