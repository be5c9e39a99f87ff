import type { AuditProblem } from '../../../shared/audit.ts'
import { checkpointEvery } from './checkpoint.ts'
import { numbers } from './gap.ts'
import { isMark, type ReadMark } from './head-mark.ts'
import type { StatedRoot } from './stated-roots.ts'

type Report = (problem: AuditProblem) => void

/** Does a log of the records after `from`, whose last one is `last`, end where its checkpoints (smallest first) and its head mark say? */
export function checkEnd(
  { from, last }: { from: number; last: number },
  roots: readonly StatedRoot[],
  mark: ReadMark | null,
  report: Report,
): void {
  const newest = Math.max(roots.at(-1)?.size ?? 0, from)
  checkLength(last, newest, roots, isMark(mark) ? mark.seq : 0, report)
  checkMark(last, newest, mark, report)
}

function checkLength(last: number, newest: number, roots: readonly StatedRoot[], marked: number, report: Report): void {
  const inLog = roots.findLast((root) => root.inLog)?.size ?? 0
  const end = Math.max(newest, marked)
  if (end > last) {
    const missing = `${numbers(last + 1, end)} missing at the end`
    const rolledBack = newest > last && inLog <= last
    report({
      seq: last + 1,
      through: end,
      kind: rolledBack ? 'rolled-back' : 'truncated',
      message: rolledBack
        ? `${missing}: the database is an older copy, without the signed checkpoint of ${newest} records`
        : `${missing}: ${newest > last ? `a checkpoint counts ${newest}` : `the head mark counts ${marked}`}`,
    })
  }
  // A checkpoint is signed in the transaction that reaches this many, so more without one were never written by Toolgate.
  if (last - newest >= checkpointEvery) {
    const message = `${numbers(newest + 1, last)} under no signed checkpoint`
    report({ seq: newest + 1, through: last, kind: 'signature', message })
  }
}

function checkMark(last: number, newest: number, mark: ReadMark | null, report: Report): void {
  if (isMark(mark) && mark.closed && mark.seq < last) {
    const message = `${numbers(mark.seq + 1, last)} beyond the end at which the log was closed`
    report({ seq: mark.seq + 1, through: last, kind: 'inserted', message })
  }
  if (mark === 'forged') {
    const message =
      'the head mark was not made with the key of this log, so nothing proves what follows the last checkpoint'
    report({ seq: newest + 1, kind: 'signature', message })
  }
  if (mark === 'absent' && last > 0) {
    report({ seq: last + 1, kind: 'truncated', message: 'the head mark is gone, so records may be missing at the end' })
  }
}

/**
 * Does every checkpoint lie both in the log and among the copies? It is stored first and copied right after, so the newest
 * ones may lack their copy.
 */
export function checkBothPlaces(last: number, roots: readonly StatedRoot[], report: Report): void {
  const copied = roots.findLast((root) => root.inCopies)?.size ?? 0
  for (const { size, inLog, inCopies } of roots) {
    if (!inLog && size <= last) {
      report({ seq: size, kind: 'missing', message: `the checkpoint of ${size} records was taken out of the database` })
    }
    if (!inCopies && size < copied) {
      report({ seq: size, kind: 'missing', message: `the checkpoint of ${size} records was taken out of the copies` })
    }
  }
}
