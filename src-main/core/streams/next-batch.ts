import { checkpointLine, recordLine } from '../audit/export.ts'
import { startLine } from '../audit/start-line.ts'
import type { Position } from '../audit/walk.ts'
import type { AuditReader } from '../store/audit-table.ts'

/** How far a collector has the record: its last record, and the size of the last checkpoint. */
export type Reached = { sent: number; checkpoint: number }

/** How much goes into one request; a record that alone is longer goes by itself. */
export type BatchLimits = { records: number; bytes: number }

/** Lines of one request, and how far the collector is once it has them. */
export type Batch = Reached & { body: Buffer; records: number }

/** The rows that a batch is made of. */
export type StoredRecords = Pick<AuditReader, 'after' | 'checkpointsWithin'>

/**
 * What a collector that is so far gets next, as the lines of an export in their order; null when it has everything. Only what lies in the
 * database: records that are still in the journal are there a moment later. A copy that begins later than the log begins with where.
 */
export function nextBatch(stored: StoredRecords, at: Reached, start: Position, limits: BatchLimits): Batch | null {
  const rows: { seq: number; line: string }[] = []
  let bytes = 0
  for (const row of stored.after(at.sent)) {
    const line = recordLine(row)
    const length = Buffer.byteLength(line) + 1
    if (rows.length > 0 && bytes + length > limits.bytes) break
    rows.push({ seq: row.seq, line })
    bytes += length
    if (rows.length >= limits.records || bytes >= limits.bytes) break
  }
  const sent = rows.at(-1)?.seq ?? at.sent
  const checkpoints = stored.checkpointsWithin(at.checkpoint, sent)
  if (rows.length === 0 && checkpoints.length === 0) return null
  const lines = at.sent === start.size && start.size > 0 ? [startLine(start)] : []
  let next = 0
  const checkpointsUpTo = (size: number) => {
    for (let one = checkpoints[next]; one && one.size <= size; one = checkpoints[++next]) {
      lines.push(checkpointLine(one.note))
    }
  }
  for (const { seq, line } of rows) {
    checkpointsUpTo(seq - 1)
    lines.push(line)
  }
  checkpointsUpTo(sent)
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  return { sent, checkpoint: checkpoints.at(-1)?.size ?? at.checkpoint, body, records: rows.length }
}
