import type { AuditReader } from '../store/audit-table.ts'

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
      yield JSON.stringify({ checkpoint: row.note })
    }
  }
  for (const { seq, body, hash } of reader.every()) {
    yield* checkpointsUpTo(seq - 1)
    yield JSON.stringify({ seq, body: body?.toString() ?? null, hash: hash?.toString('hex') ?? null })
  }
  yield* checkpointsUpTo(Number.POSITIVE_INFINITY)
}
