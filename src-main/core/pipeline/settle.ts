import { isDeepStrictEqual } from 'node:util'
import { approve } from './approve.ts'
import { askDatabase } from './ask-database.ts'
import type { DecidedCall, Deps, SettledCall } from './call.ts'
import type { Settling } from './judging.ts'
import { Refused } from './refused.ts'
import { stillSettled } from './still-settled.ts'

/** So often the database of one call is asked, when what it is to be asked has changed by the time that it answers. */
const mostRounds = 3

/**
 * Stage 7: people first, where they must be asked, and then the database of the call, where only that can say whether it keeps within its
 * bounds. What was asked took its time, so the call is decided anew after it; what has become stricter is settled anew. Throws Refused.
 */
export async function settle(decided: DecidedCall, judging: Settling, deps: Deps): Promise<SettledCall> {
  let settled = await approve(decided, judging, deps)
  for (let round = 0; round < mostRounds; round++) {
    const { question } = settled.checked
    if (!question || !deps.sql) return settled
    const { broken, held } = await askDatabase(settled, question, deps.sql, deps)
    if (broken) throw judging.broke(settled, broken)
    const now = await judging.again()
    const still = stillSettled(settled, now, deps)
    if (still && isDeepStrictEqual(askedOf(still), askedOf(settled))) {
      still.trail.bounded(held)
      return still
    }
    settled = still ?? (await approve(now, judging, deps))
  }
  throw new Refused('DECISION_UNSETTLED', 'blocked')
}

/** What a database was asked, and which. */
function askedOf({ server, checked: { question } }: SettledCall) {
  if (!question) return null
  const { tables, dialect, blocked, argumentsFor } = question
  return { launch: server?.launch, tables, dialect, blocked, args: argumentsFor('') }
}
