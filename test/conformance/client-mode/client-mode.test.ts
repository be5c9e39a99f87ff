import { expect, test } from 'vitest'
import { clientTotals, differences, documentedForClients } from '../compare.ts'
import { revisions } from '../suite.ts'
import { runClientSuite } from './suite.ts'

test.each(revisions)(
  '%s: what the suite sees of a client through Toolgate is what it sees of that client',
  {
    timeout: 400_000,
  },
  async (revision) => {
    const alone = await runClientSuite('direct', revision)
    expect(alone.scored, alone.said).toBe(true)
    const totals = [alone.total]
    for (const door of ['shim', 'http'] as const) {
      const behind = await runClientSuite(door, revision)
      expect(behind.scored, behind.said).toBe(true)
      expect(differences(alone, behind)).toEqual(documentedForClients(revision))
      totals.push(behind.total)
    }
    expect(totals).toEqual(clientTotals(revision))
  },
)
