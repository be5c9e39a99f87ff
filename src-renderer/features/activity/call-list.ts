import type { CallRow } from '../../../shared/activity.ts'

/** Newest start first; calls that began in the same millisecond by their id, so that a row never changes its place. */
export function compareCalls(a: CallRow, b: CallRow): number {
  if (a.started_at !== b.started_at) return a.started_at < b.started_at ? 1 : -1
  if (a.call_id === b.call_id) return 0
  return a.call_id < b.call_id ? 1 : -1
}

/**
 * A list of calls after news of some, in any order and however often told: each call once, by its newest record. `rows` are in
 * the order of `compareCalls`, and come back themselves when nothing in them changed.
 */
export function merged(rows: readonly CallRow[], news: Iterable<CallRow>): readonly CallRow[] {
  const fresh = new Map<string, CallRow>()
  for (const row of news) {
    const known = fresh.get(row.call_id)
    if (!known || known.seq < row.seq) fresh.set(row.call_id, row)
  }
  let changed = false
  const kept = rows.map((row) => {
    const newer = fresh.get(row.call_id)
    if (!newer) return row
    fresh.delete(row.call_id)
    if (newer.seq <= row.seq) return row
    changed = true
    return newer
  })
  if (fresh.size > 0) return zipped(kept, [...fresh.values()].sort(compareCalls))
  return changed ? kept : rows
}

/** Two ordered lists as one; most calls are newer than all before, so that little is compared. */
function zipped(old: readonly CallRow[], added: readonly CallRow[]): CallRow[] {
  const all: CallRow[] = []
  let at = 0
  for (const row of added) {
    for (let next = old[at]; next !== undefined && compareCalls(next, row) < 0; next = old[at]) {
      all.push(next)
      at += 1
    }
    all.push(row)
  }
  for (; at < old.length; at += 1) all.push(old[at] as CallRow)
  return all
}

/** The `most` calls with the newest records, in their order, and the smallest record number among them. */
export function trimmed(rows: readonly CallRow[], most: number): { rows: readonly CallRow[]; lowest: number } {
  const numbers = rows.map(({ seq }) => seq).sort((a, b) => b - a)
  const lowest = numbers[Math.min(most, numbers.length) - 1] ?? 0
  return { rows: numbers.length <= most ? rows : rows.filter(({ seq }) => seq >= lowest), lowest }
}
