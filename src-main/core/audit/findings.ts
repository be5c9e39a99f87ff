import type { AuditProblem, AuditReport } from '../../../shared/audit.ts'

/** A damaged log can have a fault in every record; a report need not list them all. */
const kept = 1000

export type Findings = ReturnType<typeof findings>

/** Collects problems, in whatever order they are found. */
export function findings() {
  const problems: AuditProblem[] = []
  let count = 0
  let first = Number.POSITIVE_INFINITY
  return {
    report: (problem: AuditProblem): void => {
      count++
      first = Math.min(first, problem.seq)
      if (problems.length < kept) problems.push(problem)
    },
    count: () => count,
    summary: (): Pick<AuditReport, 'ok' | 'first_bad' | 'problems'> => ({
      ok: count === 0,
      first_bad: count === 0 ? null : first,
      problems: problems.toSorted((a, b) => a.seq - b.seq),
    }),
  }
}
