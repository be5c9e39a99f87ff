import { afterAll, beforeAll, expect, test } from 'vitest'
import { differences, documented } from './compare.ts'
import { type Findings, type Revision, runSuite } from './suite.ts'
import { direct, type Target, throughToolgate } from './through.ts'

let plain: Target
let governed: Target

beforeAll(async () => {
  ;[plain, governed] = await Promise.all([direct(), throughToolgate()])
}, 60_000)
afterAll(() => Promise.all([plain?.close(), governed?.close()]))

async function both(revision: Revision): Promise<[Findings, Findings]> {
  return [await runSuite(plain.url, revision), await runSuite(governed.url, revision)]
}

test('2025-11-25: every check of the official suite ends as it does directly', { timeout: 120_000 }, async () => {
  const [without, behind] = await both('2025-11-25')
  expect(behind.scored, behind.said).toBe(true)
  expect(behind.checks.size).toBeGreaterThan(80)
  expect(differences(without, behind)).toEqual([])
  expect(behind.total).toBe(without.total)
})

test('2026-07-28: all that is required passes, and what differs is documented', { timeout: 120_000 }, async () => {
  const [without, behind] = await both('2026-07-28')
  expect(behind.scored, behind.said).toBe(true)
  expect(differences(without, behind)).toEqual(documented('2026-07-28'))
})
