import type { AuditReport } from '../../../shared/audit.ts'
import { createAnswerCheck } from './answer-statement.ts'
import { checkBothPlaces, checkEnd } from './check-end.ts'
import { type Findings, findings } from './findings.ts'
import { numbers } from './gap.ts'
import { isMark, type ReadMark } from './head-mark.ts'
import { rootOf } from './merkle.ts'
import type { NoteKey } from './note.ts'
import { readNotes, type StatedRoot } from './stated-roots.ts'
import { createWalk, type FoundEntry, type Position, start } from './walk.ts'

/** What a log is checked against. Everything but the keys may come from whoever tampered with it. */
export type Evidence = {
  /** In the order of their numbers. An error while they are read counts as damage. */
  entries: Iterable<FoundEntry>
  /** Notes that lie with the records. */
  checkpoints: readonly string[]
  /** Copies of the notes that lay elsewhere; null when there are none to compare with. */
  copies: readonly string[] | null
  /** Keys to trust; null when none was given, and then the notes count without their signatures. */
  keys: readonly NoteKey[] | null
  /** The head mark; null when it was not given. `sealChecked`: its seal was verified with the instance's key. */
  mark: ReadMark | null
  sealChecked: boolean
  /** Where the entries begin when that is not with the first one. It may be invented: the next checkpoint tells. */
  from?: Position
}

/**
 * Checks a log: every record against its hash and the one before it, the tree against each signed checkpoint, and the end
 * against the checkpoints and the head mark. Needs nothing but the bytes and a public key; no I/O, no clock.
 */
export function verify(evidence: Evidence): AuditReport {
  const found = findings()
  const roots = readNotes(evidence, found.report)
  const mark = isMark(evidence.mark) ? evidence.mark : null
  const from = evidence.from ?? start
  const comparison = compareRoots(roots, found, from.size)
  const walk = createWalk(from, found.report)
  const answers = createAnswerCheck(evidence.keys, found.report)
  let hashAtMark = mark?.seq === from.size ? from.hash : null
  let entries = 0
  try {
    for (const entry of evidence.entries) {
      walk.add(entry)
      answers.look(entry.seq, entry.body)
      entries++
      const at = walk.at()
      if (at.size === mark?.seq) hashAtMark = at.hash
      comparison.passed(at)
    }
    comparison.finish()
    const { size } = walk.at()
    checkEnd({ from: from.size, last: size }, roots, evidence.mark, found.report)
    if (evidence.copies)
      checkBothPlaces(
        size,
        roots.filter((root) => root.size > from.size),
        found.report,
      )
    if (mark && mark.seq >= from.size && mark.seq <= size && mark.hash !== hashAtMark)
      comparison.mismatch(mark.seq, 'the head mark')
  } catch (error) {
    const { size } = walk.at()
    const message = `what follows record ${size} cannot be read: ${(error as Error).message}`
    found.report({ seq: size + 1, kind: 'unreadable', message })
  }
  return {
    ...found.summary(),
    entries,
    checkpoints: comparison.matched(),
    unchecked: [
      ...unchecked(evidence, walk.at().size, comparison.good()),
      ...(answers.unchecked() ? ['signatures of answers: no public key was given'] : []),
    ],
  }
}

/** Follows the walk and compares the tree with each root that a checkpoint states for that size. */
function compareRoots(roots: readonly StatedRoot[], found: Findings, from: number) {
  let good = from
  let matched = 0
  // Problems found up to the last root that fitted; any later one explains why the next root does not.
  let known = found.count()
  let next = 0
  let pending: { stated: StatedRoot[]; root: Buffer } | null = null

  function mismatch(size: number, witness: string): void {
    if (found.count() > known) return
    const message = `${witness} was made over other records: one or more of records ${good + 1} to ${size} were rewritten with all hashes after it`
    found.report({ seq: good + 1, through: size, kind: 'rewritten', message })
  }

  function settle(): void {
    if (!pending) return
    const { stated, root } = pending
    pending = null
    for (const { size } of stated.filter((s) => !s.root.equals(root)))
      mismatch(size, `the checkpoint of ${size} records`)
    const fitting = stated.find((s) => s.root.equals(root))
    if (!fitting) return
    matched++
    // Records of two histories under one size: the report stands, and so does what the fitting root vouches for.
    good = fitting.size
    known = found.count()
  }

  return {
    /** A root is compared one record later than it could be: that record may show that the last one covered was changed. */
    passed: ({ size, tree }: Position): void => {
      settle()
      const stated: StatedRoot[] = []
      for (let root = roots[next]; root && root.size <= size; root = roots[++next])
        if (root.size === size) stated.push(root)
      if (stated.length > 0) pending = { stated, root: rootOf(tree) }
    },
    finish: settle,
    mismatch,
    matched: () => matched,
    good: () => good,
  }
}

function unchecked({ keys, copies, mark, sealChecked, from }: Evidence, last: number, good: number): string[] {
  const gaps = [
    from !== undefined && from.size > 0 && `${numbers(1, from.size)} not there: what was received begins after them`,
    keys === null && 'signatures of checkpoints: no public key was given',
    copies === null && 'checkpoints outside the database: no copy was given',
    mark === null && 'whether the newest records are missing: no head mark was given',
    isMark(mark) && !sealChecked && 'the seal of the head mark: only the instance itself can check it',
    last > good && mark === null && `${numbers(good + 1, last)} newer than the last signed checkpoint`,
  ]
  return gaps.filter((gap) => gap !== false)
}
