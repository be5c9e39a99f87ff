import type { AuditReport } from '../../../shared/audit.ts'

const shown = 20

/** The report of a verification as lines for people. */
export function describeReport({ ok, entries, checkpoints, first_bad, problems, unchecked }: AuditReport): string {
  const counted = `${count(entries, 'record')}, ${count(checkpoints, 'signed checkpoint')}`
  const lines = problems.slice(0, shown).map(({ seq, kind, message }) => `record ${seq}: ${kind}: ${message}`)
  if (problems.length > shown) lines.push(`… and ${problems.length - shown} more`)
  lines.push(ok ? `intact: ${counted}` : `broken: ${counted}; first record that cannot be trusted: ${first_bad}`)
  lines.push(...unchecked.map((what) => `not checked: ${what}`))
  return lines.join('\n')
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
