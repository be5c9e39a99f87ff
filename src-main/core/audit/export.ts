import type { AuditReader, EntryRow } from '../store/audit-table.ts'

/**
 * The log as JSON lines (without line breaks): a line for each record, `{"seq","body","hash"}`, whose `body` is the stored
 * text as a string, so that its bytes survive; and for each checkpoint, after the last record that it covers,
 * `{"checkpoint": "<note>"}`. Verifies with nothing but the public key.
 * Reads one state of the database, on a connection that nobody writes through.
 */
export function* exportJsonl(reader: AuditReader): Iterable<string> {
  reader.hold()
  try {
    yield* linesOf(reader)
  } finally {
    reader.release()
  }
}

function* linesOf(reader: AuditReader): Iterable<string> {
  const checkpoints = reader.checkpoints()
  let next = 0
  function* checkpointsUpTo(size: number): Iterable<string> {
    for (let row = checkpoints[next]; row && row.size <= size; row = checkpoints[++next]) {
      yield checkpointLine(row.note)
    }
  }
  for (const row of reader.every()) {
    yield* checkpointsUpTo(row.seq - 1)
    yield recordLine(row)
  }
  yield* checkpointsUpTo(Number.POSITIVE_INFINITY)
}

/** A record as a line, its bytes as they are stored. */
export function recordLine({ seq, body, hash }: EntryRow): string {
  return JSON.stringify({ seq, body: body?.toString() ?? null, hash: hash?.toString('hex') ?? null })
}

/** A checkpoint as a line. */
export function checkpointLine(note: string): string {
  return JSON.stringify({ checkpoint: note })
}
