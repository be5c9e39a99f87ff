import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { looserThan, planOf, planWords } from '../../../../src-main/core/constraints/sandbox/plan.ts'
import { compileSnapshot } from '../../../../src-main/core/policy/snapshot.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** The policy of rules, each the labels that it is about, its effect and its constraints. */
function policy(...rules: [labels: string, effect: string, constraints: string][]) {
  const lines = rules.map(
    ([labels, effect, constraints], at) =>
      `  - { id: r${at}, match: { labels: { ${labels} } }, decision: ${effect}${constraints && `, constraints: { ${constraints} }`} }`,
  )
  const files = [{ path: 'a.yaml', text: `version: v1\nrules:\n${lines.join('\n')}\n`, origin: 'local' as const }]
  const { snapshot, problems } = compileSnapshot(files, sha256)
  if (!snapshot) throw new Error(JSON.stringify(problems))
  return snapshot
}

const bounded = 'ALLOW_WITH_CONSTRAINTS'

test('a server that no rule bounds has no plan; neither has one without a policy', () => {
  const rules = policy(
    ['mcp.server: a', bounded, 'network_allowlist: [x.com]'],
    ['mcp.server: b', bounded, 'max_runtime_sec: 5'],
  )
  expect(planOf('b', rules)).toBeNull()
  expect(planOf('c', rules)).toBeNull()
  expect(planOf('a', null)).toBeNull()
})

test('a process is held to what all rules that could be about its server share, whatever tool they name', () => {
  const rules = policy(
    ['mcp.server: a, mcp.tool: one', bounded, 'network_allowlist: [x.com, y.com], read_paths: [/data, /etc]'],
    ['mcp.server: "*", mcp.tool: two', bounded, 'network_allowlist: [y.com, z.com], read_paths: [/data/in]'],
    ['mcp.server: b', bounded, 'network_allowlist: []'],
  )
  expect(planOf('a', rules)).toEqual({
    network: ['y.com'],
    named: ['x.com', 'y.com', 'z.com'],
    read: ['/data/in'],
    write: null,
  })
})

test('lists that share nothing leave nothing', () => {
  const rules = policy(
    ['mcp.server: a, mcp.tool: one', bounded, 'network_allowlist: [x.com], write_paths: [/one]'],
    ['mcp.server: a, mcp.tool: two', bounded, 'network_allowlist: [y.com], write_paths: [/two]'],
  )
  expect(planOf('a', rules)).toMatchObject({ network: [], write: [] })
})

test('a call is only met by a process that is held to at least as much', () => {
  const plan = { network: [], named: ['x.com'], read: ['/data/in'], write: [] }
  expect(looserThan(plan, { network_allowlist: ['x.com'], read_paths: ['/data'], write_paths: ['/out'] })).toBeNull()
  expect(looserThan(plan, { read_paths: ['/data/in/deep'] })).toBe('read_paths')
  expect(looserThan(plan, { read_paths: ['/data/inner'] })).toBe('read_paths')
  expect(looserThan({ ...plan, write: null }, { write_paths: ['/out'] })).toBe('write_paths')
  expect(looserThan({ ...plan, network: null }, { network_allowlist: [] })).toBe('network_allowlist')
  expect(looserThan(null, { network_allowlist: [] })).toBe('network_allowlist')
  expect(looserThan(null, { max_runtime_sec: 5 })).toBeNull()
})

test('a plan is read in words', () => {
  expect(planWords({ network: ['api.github.com'], named: [], read: null, write: ['/out'] })).toBe(
    'network: only api.github.com; writes only /out',
  )
})
