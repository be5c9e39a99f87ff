import type { CallRow } from '../../../shared/activity.ts'

/** A line of the list: a call, or a burst of calls that are alike, newest first, which opens in place. */
export type Line =
  | { kind: 'call'; key: string; row: CallRow; within: boolean }
  | { kind: 'burst'; key: string; rows: readonly CallRow[]; open: boolean }

/** Calls of a burst follow each other within this time. */
const gapMs = 10_000
const leastCalls = 3

/**
 * Folds what follows each other and is alike: the same client, server, tool and outcome, allowed, with nothing found and nobody
 * asked. A burst is known by its oldest call, so that it stays itself while it grows. `rows` newest first.
 */
export function linesOf(rows: readonly CallRow[], open: ReadonlySet<string>): Line[] {
  const lines: Line[] = []
  for (let at = 0; at < rows.length; ) {
    const end = burstEnd(rows, at)
    const burst = rows.slice(at, end)
    const oldest = burst.at(-1)
    if (oldest && burst.length >= leastCalls) {
      const key = `burst ${oldest.call_id}`
      lines.push({ kind: 'burst', key, rows: burst, open: open.has(key) })
      if (open.has(key)) for (const row of burst) lines.push(lineOf(row, true))
    } else for (const row of burst) lines.push(lineOf(row, false))
    at = end
  }
  return lines
}

/** Lines stay the same as long as their row and place do, so that what did not change is not drawn anew. */
const alone = new WeakMap<CallRow, Line>()
const inBurst = new WeakMap<CallRow, Line>()

function lineOf(row: CallRow, within: boolean): Line {
  const lines = within ? inBurst : alone
  const known = lines.get(row)
  if (known) return known
  const line: Line = { kind: 'call', key: row.call_id, row, within }
  lines.set(row, line)
  return line
}

/** Index after the last call that is in one burst with that at `at`. */
function burstEnd(rows: readonly CallRow[], at: number): number {
  const first = rows[at]
  let end = at + 1
  if (!first || !folds(first)) return end
  for (let before = first, next = rows[end]; next && folds(next) && alike(first, next); next = rows[end]) {
    if (Date.parse(before.started_at) - Date.parse(next.started_at) > gapMs) break
    before = next
    end += 1
  }
  return end
}

function folds({ outcome, findings, wait_ms, decision }: CallRow): boolean {
  const ran = outcome === 'executed' || outcome === 'executed_with_constraints'
  return ran && findings.length === 0 && !wait_ms && decision !== 'REQUIRE_APPROVAL'
}

function alike(a: CallRow, b: CallRow): boolean {
  return (
    a.kind === b.kind &&
    a.tool === b.tool &&
    a.server === b.server &&
    a.client.id === b.client.id &&
    a.outcome === b.outcome
  )
}

const nouns = { read: 'reads', write: 'changes', destructive: 'destructive calls' } as const

/** What a burst is, in words: `14 reads`. */
export function burstWords(rows: readonly CallRow[]): string {
  const action = rows[0]?.action ?? null
  return `${rows.length.toLocaleString('en')} ${action === null ? 'calls' : nouns[action]}`
}
