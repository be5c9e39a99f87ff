import { expect, test } from 'vitest'
import { requiredScenarios, runScenarios } from './suite.ts'

const patience = { timeout: 420_000 }

test.each([
  ['2025-11-25', 14],
  ['2026-07-28', 25],
] as const)(
  '%s: all that is required of a client about authorization passes, without a warning',
  patience,
  async (revision, atLeast) => {
    const scenarios = await requiredScenarios(revision)
    expect(scenarios.length).toBeGreaterThanOrEqual(atLeast)
    const verdicts = await runScenarios(scenarios, revision)
    expect(verdicts.filter(({ passed }) => !passed)).toEqual([])
    expect(verdicts).toHaveLength(scenarios.length)
  },
)

test('2025-03-26: servers from before protected resources had metadata are signed in to', patience, async () => {
  const scenarios = ['auth/2025-03-26-oauth-metadata-backcompat', 'auth/2025-03-26-oauth-endpoint-fallback']
  const verdicts = await runScenarios(scenarios, '2025-03-26')
  expect(verdicts.filter(({ passed }) => !passed)).toEqual([])
})
