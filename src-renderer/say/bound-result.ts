import type { ConstraintResult } from '../../shared/audit.ts'

const names: Record<string, string> = {
  max_runtime_sec: 'Time',
  max_retries: 'Repetitions',
  rate_limit: 'How often',
  max_bytes: 'Length of the answer',
  max_rows: 'Rows',
  network_allowlist: 'Network',
  read_paths: 'Files to read',
  write_paths: 'Files to write',
  read_only: 'Reading only',
  blocked_tables: 'Blocked tables',
  require_where_clause: 'Which rows',
  mask_fields: 'Masked fields',
}

const deeds: Record<ConstraintResult['result'], string> = {
  held: 'kept',
  truncated: 'cut',
  masked: 'masked',
  refused: 'refused',
}

/** What one bound did to a call: the bound's name, and a sentence part that says what it did and what was counted. */
export function boundResultWords({ bound, result, detail }: ConstraintResult): { name: string; said: string } {
  // A refusal begins with the bound and its rule, which are shown beside it.
  const rest = detail.replace(/^`\w+`(?:, set by (?:`[^`]*`(?:, )?)+)?: /, '')
  return { name: names[bound] ?? bound, said: `${deeds[result]}${rest === '' ? '' : `: ${rest}`}` }
}
