import type { Clock } from '../ports.ts'
import type { Checks } from './check-call.ts'
import { createRateLimits } from './rate-limits.ts'
import { sqlChecker } from './sql/check-sql.ts'
import { sqlIn } from './sql/sql-in.ts'

/** What a gateway checks calls with: counts of its own, and what reads SQL, which costs nothing until it is first asked. */
export function createChecks(clock: Clock): Checks & { close: () => void } {
  const { check, behind, close } = sqlChecker()
  return { rates: createRateLimits(clock), sql: { find: sqlIn, check, behind }, close }
}
