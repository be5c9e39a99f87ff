import type { Constraints } from '../../shared/constraints.ts'

type Words = { [Name in keyof Constraints]-?: (bound: NonNullable<Constraints[Name]>) => string }

/** Every bound there is, as it follows “it”. */
const words: Words = {
  max_runtime_sec: (seconds) => `is cancelled after ${duration(seconds)}`,
  max_retries: (times) => {
    if (times === 0) return 'is never repeated by itself'
    return `is repeated at most ${times === 1 ? 'once' : `${times} times`} when it fails`
  },
  rate_limit: (limits) =>
    `runs at most ${limits.map(({ max_calls, per_sec, by }) => `${max_calls} times in ${duration(per_sec)} per ${by}`).join(' and ')}`,
  max_bytes: (bytes) => `may answer with at most ${bytes.toLocaleString('en')} bytes`,
  max_rows: (rows) => `may give back at most ${rows.toLocaleString('en')} rows`,
  network_allowlist: (hosts) => (hosts.length === 0 ? 'may reach no host' : `may reach only ${hosts.join(', ')}`),
  read_paths: (folders) => (folders.length === 0 ? 'may read no files' : `may read only ${folders.join(', ')}`),
  write_paths: (folders) => (folders.length === 0 ? 'may write no files' : `may write only ${folders.join(', ')}`),
  read_only: () => 'may only read',
  blocked_tables: (tables) => `may not touch the tables ${tables.join(', ')}`,
  require_where_clause: () => 'must say which rows it means',
  mask_fields: (fields) => `answers with ${fields.join(', ')} masked`,
}

/** The bounds under which a call runs, one sentence part each, as they follow “it”. */
export function boundWords(constraints: Constraints): string[] {
  return Object.entries(constraints).flatMap(([name, bound]) => {
    if (bound === undefined) return []
    const say = words[name as keyof Constraints] as ((bound: unknown) => string) | undefined
    // A record of a later version may hold bounds that this page does not know.
    return [say ? say(bound) : `is bounded by ${name}`]
  })
}

function duration(seconds: number): string {
  if (seconds < 120 || seconds % 60 !== 0) return `${seconds} s`
  return `${seconds / 60} min`
}
