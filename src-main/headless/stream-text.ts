import type { StreamView } from '../../shared/audit-stream.ts'
import { count, when } from './format.ts'

/** How far a stream is, in a few words; `entries`: records that there are. */
export function streamText({ sent, first, last_success, problem }: StreamView, entries: number): string {
  const reached = sent < first ? 'nothing was taken yet' : `sent up to record ${sent} of ${entries}`
  const last = last_success === null ? '' : `, last ${when(last_success)}`
  if (problem) return `${reached}${last}; ${count(entries - sent, 'record')} not taken since ${when(problem.since)}`
  return `${reached}${last}`
}
