import { expect, test } from 'vitest'
import { workBudget, workMeter } from '../../../src-main/core/policy/condition-work.ts'
import { globBudget, globMeter } from '../../../src-main/core/policy/glob.ts'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import type { Snapshot } from '../../../src-main/core/policy/snapshot.ts'
import { allFine, type CallParts, envelope, rules, snapshotOf, snapshotOfFiles } from './call.ts'
import { conditions, everything, hostileConditions, hostilePatterns, long, MiB, many } from './hostile-calls.ts'

/**
 * Neither a policy nor a call can keep a decision busy: work is counted before it is done, and a call for which it is too much is
 * refused. The budgets together are about 50 ms here; a test of time would only measure who else uses this machine, so each is
 * held against a floor in the same run with much room.
 */
function decided(snapshot: Snapshot, parts: CallParts) {
  return decide(envelope(parts), snapshot, allFine)
}

/** The quickest of several, in milliseconds. */
function timeOf(act: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now()
    act()
    return performance.now() - began
  })
  return Math.min(...times)
}

/** Reading 8 MiB of JSON: what a machine that decides in 50 ms needs about that long for. */
const text = JSON.stringify({ list: Array.from({ length: 200_000 }, (_, index) => `${index} some words to read here`) })
const floor = () => timeOf(() => JSON.parse(text))

test.each(hostileConditions)('%s by many conditions are refused, soon', (_, when, parts) => {
  const snapshot = conditions(800, when)
  const decision = decided(snapshot, parts)
  expect(decision).toMatchObject({ effect: 'DENY', code: 'POLICY_ERROR' })
  expect(decision.errors.at(-1)?.message).toMatch(/would take too long on this call/)
  // Nothing is done after that.
  expect(decision.errors).toHaveLength(1)
  expect(timeOf(() => decided(snapshot, parts))).toBeLessThan(10 * floor() + 20)
})

test('what one condition may cost is counted from its text and from what it reads, and each decision has it anew', () => {
  const snapshot = conditions(100, 'resource.paths.exists(p, p.startsWith("/etc/"))')
  for (let round = 0; round < 50; round++) expect(decided(snapshot, {}).errors).toEqual([])
  const few = workBudget - workMeter.left
  decided(snapshot, { paths: many })
  const much = workBudget - workMeter.left
  expect(few).toBeGreaterThan(100)
  expect(much).toBeGreaterThan(10 * few)
  // Arguments cost nothing to conditions that do not read them.
  decided(snapshot, { args: { t: long } })
  expect(workBudget - workMeter.left).toBe(few)
})

test.each(hostilePatterns)(
  '%s against patterns of many stars are refused when the budget is spent',
  (_, snapshot, parts) => {
    const decision = decided(snapshot, parts)
    expect(decision).toMatchObject({ effect: 'DENY', code: 'POLICY_ERROR' })
    expect(decision.errors[0]?.message).toBe('the patterns of the policy would take too long on this call')
    expect(globMeter.left).toBe(-1)
    expect(timeOf(() => decided(snapshot, parts))).toBeLessThan(10 * floor() + 20)
    expect(decided(snapshotOf(rules(`id: a, ${everything}, decision: ALLOW`)), parts).effect).toBe('ALLOW')
    expect(globMeter.left).toBe(globBudget)
  },
)

test('access policies count too', () => {
  const stars = `*${'a'.repeat(150)}b*`
  const text = `version: v1\naccess_policies: [{ id: a, allow: { tools: ["${stars}"] } }]\nbindings: [{ policy: a, clients: [Editor] }]`
  const files = [
    { path: 'a.yaml', origin: 'local' as const, text },
    { path: 'r.yaml', origin: 'local' as const, text: rules(`id: a, ${everything}, decision: ALLOW`) },
  ]
  expect(decided(snapshotOfFiles(files), { tool: MiB })).toMatchObject({ effect: 'DENY', code: 'POLICY_ERROR' })
})

test.each<[string, Record<string, unknown>]>([
  ['one text', { n: 1, text: MiB }],
  ['many keys', { n: 1, more: Object.fromEntries(Array.from({ length: 90_000 }, (_, index) => [`k${index}`, 1])) }],
  ['a long list', { n: 1, list: Array.from({ length: 300_000 }, () => 1) }],
  ['deep nesting', { n: 1, deep: JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) }],
])('1 MiB of arguments as %s: what conditions do not touch does not matter, what they touch is refused', (_, args) => {
  const key = Object.keys(args)[1] ?? ''
  const untouched = snapshotOf(rules(`id: a, ${everything}, decision: ALLOW, when: args.n == 1`))
  const touched = snapshotOf(rules(`id: a, ${everything}, decision: ALLOW, when: size(args.${key}) > 0`))
  const inside = key === 'deep' ? `args.deep${'[0]'.repeat(20)} == 1` : `size(args.${key}) > 0`
  const reading =
    key === 'deep' ? snapshotOf(rules(`id: a, ${everything}, decision: ALLOW, when: "${inside}"`)) : touched
  expect(decided(untouched, { args }).effect).toBe('ALLOW')
  expect(decided(reading, { args })).toMatchObject({ effect: 'DENY', code: 'POLICY_ERROR' })
  expect(timeOf(() => decided(untouched, { args }))).toBeLessThan(10 * floor() + 20)
})

test('a call that thousands of conditions cannot be evaluated for is refused without trying them all', () => {
  const { effect, errors } = decided(conditions(1_000, 'args.n > 1'), { args: { n: 'text' } })
  expect(effect).toBe('DENY')
  expect(errors.length).toBeLessThanOrEqual(50)
})

test('long names are not kept in mind', () => {
  const snapshot = snapshotOf(rules('id: a, match: { labels: { mcp.name: "a*" } }, decision: ALLOW'))
  const before = process.memoryUsage().heapUsed
  for (let index = 0; index < 300; index++) {
    decided(snapshot, { kind: 'resource', tool: '', names: [`${index}${MiB}`] })
  }
  globalThis.gc?.()
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 << 20)
})
