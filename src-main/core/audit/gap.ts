import type { AuditProblem, EventEntry } from '../../../shared/audit.ts'

/** Name of the event that Toolgate records when it finds at its start that the log is not as it was left. */
const gapEvent = 'audit.gap'

/** What such a record says. Evidence: once in the chain, the damage cannot be made unsaid. */
export type GapDetail = {
  /** Number of the first record that is gone or changed. */
  first_bad: number
  /** Ranges of numbers without a record, both ends included; their numbers are never given again. */
  missing: [first: number, last: number][]
  /** The missing records had not been flushed to the disk when they were last seen: a power cut can explain it. */
  unsynced: boolean
  /** Where the head mark said that the log ended; null when there was no mark of ours. */
  mark: { seq: number; hash: string } | null
  /** Where it ended in the database. */
  database: { seq: number; hash: string }
  findings: string[]
}

/** The record in which Toolgate says what it found missing. */
export function gapEntry(detail: GapDetail): EventEntry {
  return { kind: 'event', event: gapEvent, user_id: 'toolgate', detail }
}

/** Reads what a record says about a gap; null when it is about something else, or not of this form. */
export function readGap(body: Record<string, unknown>): GapDetail | null {
  if (body.kind !== 'event' || body.event !== gapEvent) return null
  const detail = body.detail as Partial<GapDetail> | null | undefined
  const missing = Array.isArray(detail?.missing) && detail.missing.every(isRange) ? detail.missing : null
  return missing && isNumber(detail?.first_bad) ? ({ ...detail, missing } as GapDetail) : null
}

/** A recorded gap as verification reports it, each time; `seq` is the number of the record that tells of it. */
export function gapProblem(seq: number, gap: GapDetail): AuditProblem {
  const [first, last] = gap.missing[0] ?? [gap.first_bad, gap.first_bad]
  const what =
    gap.missing.length > 0
      ? `${gap.missing.map((range) => numbers(...range)).join(', ')} missing`
      : `the log had been changed from record ${gap.first_bad} on`
  const cut = gap.unsynced ? '; they had not reached the disk when last seen, so a power cut can explain it' : ''
  return {
    seq: Math.min(first, gap.first_bad),
    ...(gap.missing.length > 0 && { through: last }),
    kind: 'gap',
    message: `${what}, as record ${seq} says, written when Toolgate next started${cut}`,
  }
}

/** `record 5 is` or `records 5 to 9 are`. */
export function numbers(first: number, last: number): string {
  return first === last ? `record ${first} is` : `records ${first} to ${last} are`
}

function isRange(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && isNumber(value[0]) && isNumber(value[1]) && value[0] <= value[1]
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
