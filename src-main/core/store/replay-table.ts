import type { Db } from './database.ts'

/** The record of a decision, and the picture that was kept beside it. */
export type DecidedRow = { seq: number; body: string; picture: string | null }

export type ReplayTable = ReturnType<typeof replayTable>

/** Reads records of decisions with what lies beside them; what the journal still holds is not seen. */
export function replayTable(db: Db) {
  const from = `SELECT entry.seq, entry.body, picture.body AS picture FROM audit_entries AS entry
    LEFT JOIN replay_pictures AS picture ON picture.seq = entry.seq WHERE entry.state = 'decided'`
  const page = (ran: string) =>
    db.prepare<[number, number], DecidedRow>(`${from} AND entry.seq < ? ${ran} ORDER BY entry.seq DESC LIMIT ?`)
  const all = page('')
  const ran = page(
    `AND EXISTS (SELECT 1 FROM audit_entries AS later WHERE later.call_id = entry.call_id AND later.state = 'forwarding')`,
  )
  const first = db.prepare<[string], DecidedRow>(`${from} AND entry.call_id = ? ORDER BY entry.seq LIMIT 1`)
  return {
    /** Those with a smaller number than `before`, newest first. */
    decided: (before: number, limit: number): DecidedRow[] => all.all(before, limit),
    /** The same, of calls that were forwarded. */
    forwarded: (before: number, limit: number): DecidedRow[] => ran.all(before, limit),
    /** The first decision about a call; null when there is none. */
    decidedFirst: (callId: string): DecidedRow | null => first.get(callId) ?? null,
  }
}
