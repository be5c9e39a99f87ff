import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { differences, documented } from './compare.ts'
import { type Findings, type Revision, runSuite } from './suite.ts'
import { direct, type Target, throughBridge, throughToolgate } from './through.ts'

let plain: Target
const without = new Map<Revision, Promise<Findings>>()

beforeAll(async () => {
  plain = await direct()
}, 60_000)
afterAll(() => plain?.close())

/** What the suite finds directly, found once. */
function directly(revision: Revision): Promise<Findings> {
  const found = without.get(revision) ?? measured(revision)
  without.set(revision, found)
  return found
}

/** Nothing of ours is in it: a scenario that takes too long there says that the machine was busy, not how the fixture answers. */
async function measured(revision: Revision): Promise<Findings> {
  for (let tries = 1; ; tries++) {
    const found = await runSuite(plain.url, revision)
    const late = [...found.checks.keys()].some((check) => check.includes('scenario-timeout'))
    if (!late || tries === 3) return found
  }
}

describe.each(['stdio', 'http'] as const)('the fixture over %s', (over) => {
  let governed: Target

  beforeAll(async () => {
    governed = await throughToolgate(over)
  }, 60_000)
  afterAll(() => governed?.close())

  test('2025-11-25: every check of the official suite ends as it does directly, but for what is documented', {
    timeout: 240_000,
  }, async () => {
    const [alone, behind] = [await directly('2025-11-25'), await runSuite(governed.url, '2025-11-25')]
    expect(behind.scored, behind.said).toBe(true)
    expect(behind.checks.size).toBeGreaterThan(80)
    expect(differences(alone, behind)).toEqual(documented('2025-11-25', over))
  })

  test('2026-07-28: all that is required passes, and what differs is documented', { timeout: 240_000 }, async () => {
    const [alone, behind] = [await directly('2026-07-28'), await runSuite(governed.url, '2026-07-28')]
    expect(behind.scored, behind.said).toBe(true)
    expect(differences(alone, behind)).toEqual(documented('2026-07-28', over))
  })
})

describe.each(['2025-11-25', '2026-07-28'] as const)('%s onto a fixture that does not speak it', (revision) => {
  let bridged: Target

  beforeAll(async () => {
    bridged = await throughBridge(revision)
  }, 60_000)
  afterAll(() => bridged?.close())

  test('what ends otherwise than directly is documented', { timeout: 240_000 }, async () => {
    const [alone, behind] = [await directly(revision), await runSuite(bridged.url, revision)]
    expect(behind.checks.size).toBeGreaterThan(80)
    expect(differences(alone, behind), behind.total).toEqual(documented(revision, 'bridge'))
  })
})
