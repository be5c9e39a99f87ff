import { expect, test } from 'vitest'
import { figuresOf, type Prompt } from '../../../src-main/core/fatigue/figures.ts'

const hour = 3_600_000
const prompt = (opened: number, tookMs: number | null, outcome: string, more: Partial<Prompt> = {}): Prompt => ({
  ...{ opened, settled: tookMs === null ? null : opened + tookMs, outcome, waitedMs: tookMs },
  ...{ client: 'Cursor', server: 'files', tool: 'write_file', rules: ['ask-writes'] },
  ...more,
})
const figures = (prompts: Prompt[], to = 4 * hour) =>
  figuresOf(prompts, { from: 0, to }, (rule) => (rule === 'ask-writes' ? { file: 'rules.yaml', line: 6 } : null))

test('nothing asked gives no shares and no medians, and a quiet hour for each', () => {
  expect(figures([])).toMatchObject({
    ...{ prompts: 0, per_hour: [0, 0, 0, 0], median_decision_ms: null, median_wait_ms: null },
    ...{ under_a_second: null, expired: null, queue: { max: 0, mean: 0 }, rules: [] },
  })
})

test('the queue is counted by who waited at once, and by how long', () => {
  // Two overlap for half an hour; a third begins as the second ends; the last still waits.
  const { queue, outcomes } = figures([
    prompt(0, hour, 'approved'),
    prompt(hour / 2, hour, 'denied'),
    prompt(1.5 * hour, hour, 'expired'),
    prompt(3 * hour, null, 'pending'),
  ])
  expect(queue).toEqual({ max: 2, mean: 1 })
  expect(outcomes).toEqual({ approved: 1, denied: 1, expired: 1, cancelled: 0, pending: 1 })
})

test('medians and shares are those of people’s answers alone', () => {
  const found = figures([
    prompt(0, 999, 'approved'),
    prompt(10, 1_000, 'approved'),
    prompt(20, 9_000, 'denied'),
    prompt(30, 600_000, 'expired', { waitedMs: null }),
    prompt(40, 2_000, 'cancelled', { waitedMs: null }),
  ])
  expect(found.median_decision_ms).toBe(1_000)
  expect(found.under_a_second).toBeCloseTo(1 / 3)
  expect(found.expired).toBeCloseTo(1 / 5)
  expect(found.median_wait_ms).toBe(1_000)
})

test('prompts fall into the hour they came in, counted back from now', () => {
  const at = (hours: number) => prompt(hours * hour, 5_000, 'approved')
  expect(figures([at(0), at(0.5), at(2.2), at(3.9)]).per_hour).toEqual([2, 0, 1, 1])
})

test('the noisiest come first, with the place of a rule while it has one', () => {
  const found = figures([
    prompt(0, 5_000, 'approved'),
    prompt(1, 5_000, 'denied'),
    prompt(2, 5_000, 'denied', { rules: ['gone', 'ask-writes'], tool: 'a"b', client: 'Other' }),
  ])
  expect(found.rules).toEqual([
    { name: 'ask-writes', prompts: 3, approved: 1, at: { file: 'rules.yaml', line: 6 } },
    { name: 'gone', prompts: 1, approved: 0, at: null },
  ])
  expect(found.tools).toEqual([
    { server: 'files', name: 'write_file', prompts: 2 },
    { server: 'files', name: 'a"b', prompts: 1 },
  ])
  expect(found.clients[0]).toEqual({ name: 'Cursor', prompts: 2 })
})
