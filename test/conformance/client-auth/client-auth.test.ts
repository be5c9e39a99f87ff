import { expect, test } from 'vitest'
import { older, required, requiredScenarios, runScenarios } from './suite.ts'

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
    const { verdicts, said } = await runScenarios(required(revision))
    const passed = new Set(verdicts.filter((verdict) => verdict.passed).map(({ scenario }) => scenario))
    expect(
      scenarios.filter((scenario) => !passed.has(scenario)),
      said,
    ).toEqual([])
  },
)

test('2025-03-26: servers from before protected resources had metadata are signed in to', patience, async () => {
  const { verdicts, said } = await runScenarios(older)
  expect(
    verdicts.filter(({ passed }) => passed).map(({ scenario }) => scenario),
    said,
  ).toEqual(['auth/2025-03-26-oauth-metadata-backcompat', 'auth/2025-03-26-oauth-endpoint-fallback'])
})
