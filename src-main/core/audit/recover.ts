import type { AuditProblem, CallState } from '../../../shared/audit.ts'
import type { AuditTable, CheckpointRow } from '../store/audit-table.ts'
import { sha256 } from './chain.ts'
import { checkEnd } from './check-end.ts'
import { parseCheckpoint } from './checkpoint.ts'
import type { GapDetail } from './gap.ts'
import { isMark, type ReadMark } from './head-mark.ts'
import { addPlaceholders, peakCount, rootOf, type Tree } from './merkle.ts'
import { type NoteKey, openNote } from './note.ts'
import { readNotes } from './stated-roots.ts'
import { createWalk, type Position, start } from './walk.ts'

/** Numbers of the last records of calls that are not closed, by call. */
export type OpenCalls = ReadonlyMap<string, number>

/** From where a log goes on. `gap`: what is wrong with what it holds; it must be recorded before anything else. */
export type Recovered = { at: Position; signed: number; open: OpenCalls; gap: GapDetail | null }

type Found = { table: AuditTable; key: NoteKey; keyIsNew: boolean; mark: ReadMark; copies: readonly string[] }

/**
 * Finds out where a log goes on, and whether it still is what it was: goes over the records since the last good checkpoint
 * (fewer than 256 unless there is damage), and compares the end with the head mark and the copies of the checkpoints.
 */
export function recover({ table, key, keyIsNew, mark, copies }: Found): Recovered {
  const problems: AuditProblem[] = []
  const report = (problem: AuditProblem) => void (problem.kind !== 'gap' && problems.push(problem))
  const last = table.lastSeq()
  const base = lastGoodCheckpoint(table, key, last, report)
  const walk = createWalk(base.at, report)
  const open = new Map(base.open ?? table.lastOfOpenCalls().map(({ call_id, seq }) => [call_id, seq]))
  for (const entry of table.after(base.at.size)) {
    walk.add(entry)
    track(open, entry.call_id, entry.state, entry.seq)
  }

  const stored = base.row ? [base.row.note] : []
  const roots = readNotes({ checkpoints: stored, copies: copies.slice(-1), keys: [key] }, report)
  // Only the newest of either place are looked at, so a copy older than what is stored says nothing.
  const newer = roots.filter((root) => root.inLog || root.size > base.at.size)
  const stray = newer.find((root) => !root.inLog && root.size <= last)
  if (stray) {
    report({ seq: stray.size, kind: 'missing', message: `the database lacks the checkpoint of ${stray.size} records` })
  }
  checkEnd({ from: 0, last }, newer, mark, report)
  if (isMark(mark)) checkMarkedRecord(table, mark, last, base.at.size, report)
  if (mark === 'absent' && last === 0 && newer.length === 0 && !keyIsNew) {
    report({ seq: 1, kind: 'truncated', message: 'there is a signing key, but the log that it signed is gone' })
  }
  const end = Math.max(last, newer.at(-1)?.size ?? 0, isMark(mark) ? mark.seq : 0)
  const at = walk.at()
  return {
    at: { ...at, size: end, tree: addPlaceholders(at.tree, end - at.size) },
    signed: base.at.size,
    open,
    gap: problems.length > 0 ? gapDetail(problems, mark, at, end) : null,
  }
}

/** The set of open calls after one more record. */
export function track(open: Map<string, number>, callId: string | null, state: string | null, seq: number): void {
  if (callId === null) return
  if (state === ('closed' satisfies CallState)) open.delete(callId)
  else open.set(callId, seq)
}

type Base = { at: Position; row: CheckpointRow | null; open: [string, number][] | null }

/** The newest checkpoint that is signed and fits what is stored with it; those passed over are reported. */
function lastGoodCheckpoint(
  table: AuditTable,
  key: NoteKey,
  last: number,
  report: (problem: AuditProblem) => void,
): Base {
  for (const row of table.newestCheckpoints()) {
    const tree = treeOf(row, key)
    const record = table.entry(row.size)
    if (tree && record?.body) {
      return { at: { size: row.size, hash: sha256(record.body), tree }, row, open: openCallsOf(row) }
    }
    const size = Number(row.size)
    if (!tree)
      report({ seq: size, kind: 'signature', message: `the checkpoint of ${size} records is not what was signed` })
    else if (size > last) {
      report({ seq: last + 1, through: size, kind: 'truncated', message: `a checkpoint counts ${size} records` })
    } else report({ seq: size, kind: 'missing', message: `record ${size} is missing` })
  }
  return { at: start, row: null, open: [] }
}

function treeOf(row: CheckpointRow, key: NoteKey): Tree | null {
  const text = openNote(String(row.note), [key])
  const checkpoint = text === null ? null : parseCheckpoint(text)
  const peaks = String(row.peaks).split(' ')
  const tree = { size: row.size, peaks }
  const fits = checkpoint?.origin === key.name && checkpoint.size === row.size && peaks.length === peakCount(row.size)
  return fits && rootOf(tree).equals(checkpoint.root) ? tree : null
}

/** Null when the column does not hold what was written: then the records tell. */
function openCallsOf({ open_calls }: CheckpointRow): [string, number][] | null {
  try {
    const calls: unknown = JSON.parse(open_calls)
    const isCall = (call: unknown) =>
      Array.isArray(call) && typeof call[0] === 'string' && Number.isSafeInteger(call[1])
    return Array.isArray(calls) && calls.every(isCall) ? calls : null
  } catch {
    return null
  }
}

function checkMarkedRecord(
  table: AuditTable,
  mark: { seq: number; hash: string },
  last: number,
  signed: number,
  report: (problem: AuditProblem) => void,
): void {
  if (mark.seq === 0 || mark.seq > last) return
  const body = table.entry(mark.seq)?.body
  if (body && sha256(body) === mark.hash) return
  const message = `record ${mark.seq} is not the one that the head mark names`
  report({ seq: Math.min(signed + 1, mark.seq), through: mark.seq, kind: 'rewritten', message })
}

function gapDetail(problems: readonly AuditProblem[], mark: ReadMark, at: Position, end: number): GapDetail {
  const missing = problems.flatMap(({ kind, seq, through }): [number, number][] =>
    kind === 'missing' && through !== undefined && seq <= at.size ? [[seq, through]] : [],
  )
  if (end > at.size) missing.push([at.size + 1, end])
  const firstMissing = missing[0]?.[0] ?? 0
  return {
    first_bad: Math.min(...problems.map(({ seq }) => seq)),
    missing,
    unsynced: isMark(mark) && firstMissing > mark.synced,
    mark: isMark(mark) ? { seq: mark.seq, hash: mark.hash } : null,
    database: { seq: at.size, hash: at.hash },
    findings: problems.slice(0, 20).map(({ message }) => message),
  }
}
