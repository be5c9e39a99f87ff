import type { CallRow } from '../../../shared/activity.ts'
import { asked, ran, refused } from '../../say/call-outcome.ts'

/** Calls of one kind: how many today, and hour by hour since midnight. */
export type Figure = { count: number; hours: number[] }
export type CallFigures = { all: Figure; ran: Figure; asked: Figure; refused: Figure }

/** Calls of today by what came of them. `now` in milliseconds since 1970; the day is that of this machine's clock. */
export function callFigures(rows: readonly CallRow[], now: number): CallFigures {
  const midnight = new Date(now)
  midnight.setHours(0, 0, 0, 0)
  const hour = new Date(now).getHours()
  const today = rows
    .map((row) => ({ row, at: new Date(row.started_at) }))
    .filter(({ at }) => at.getTime() >= midnight.getTime() && at.getTime() <= now)
  const figure = (counts: (row: CallRow) => boolean): Figure => {
    const hours = Array.from({ length: hour + 1 }, () => 0)
    let count = 0
    for (const { row, at } of today) {
      if (!counts(row)) continue
      count += 1
      hours[at.getHours()] = (hours[at.getHours()] ?? 0) + 1
    }
    return { count, hours }
  }
  return { all: figure(() => true), ran: figure(ran), asked: figure(asked), refused: figure(refused) }
}

/** A rule and how many calls it stopped on their way. */
export type NoisyRule = { id: string; asked: number; refused: number }

/** The rules that asked or denied most often among these calls, noisiest first; at most `limit`. */
export function noisiestRules(rows: readonly CallRow[], limit: number): NoisyRule[] {
  const rules = new Map<string, NoisyRule>()
  for (const row of rows) {
    const waited = asked(row)
    if (!waited && row.outcome !== 'blocked') continue
    for (const id of row.rules) {
      const rule = rules.get(id) ?? { id, asked: 0, refused: 0 }
      if (waited) rule.asked += 1
      if (refused(row)) rule.refused += 1
      rules.set(id, rule)
    }
  }
  const noise = ({ asked, refused }: NoisyRule) => asked + refused
  return [...rules.values()].sort((a, b) => noise(b) - noise(a) || a.id.localeCompare(b.id)).slice(0, limit)
}
