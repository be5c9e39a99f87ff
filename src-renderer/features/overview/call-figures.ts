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

/** What has most calls of one kind: how many there are, how many were denied, and one of them. */
export type MostCalls = { key: string; sample: CallRow; calls: number; refused: number }

/** Those of which there are most among these calls, by what `keyOf` tells them apart; at most `limit`. */
export function mostCalls(rows: readonly CallRow[], keyOf: (row: CallRow) => string, limit: number): MostCalls[] {
  const found = new Map<string, MostCalls>()
  for (const row of rows) {
    const key = keyOf(row)
    const one = found.get(key) ?? { key, sample: row, calls: 0, refused: 0 }
    one.calls += 1
    if (refused(row)) one.refused += 1
    found.set(key, one)
  }
  return [...found.values()].sort((a, b) => b.calls - a.calls || a.key.localeCompare(b.key)).slice(0, limit)
}
