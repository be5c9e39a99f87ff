import type { Db } from './database.ts'

/** A request as it was asked: times in milliseconds since 1970; `rules` is JSON, `waited_ms` the longest wait of a caller. */
export type PromptRow = {
  id: string
  opened_at: number
  settled_at: number | null
  outcome: string
  client: string
  server: string
  tool: string
  rules: string
  waited_ms: number | null
}

/** One change of those rows, in the order of the record. */
export type PromptChange =
  | { kind: 'opened'; row: PromptRow }
  | { kind: 'waited'; id: string; ms: number }
  | { kind: 'settled'; id: string; at: number; outcome: string }
  /** Whatever was open when Toolgate ended is over. */
  | { kind: 'restarted'; at: number }

export type PromptsTable = ReturnType<typeof promptsTable>

/** Reads and writes what people were asked; `record` reads the records it is drawn from, a stretch of numbers at a time. */
export function promptsTable(db: Db) {
  const through = db.prepare<[], number>('SELECT through FROM prompts_read').pluck()
  const setThrough = db.prepare<[number]>('UPDATE prompts_read SET through = ?')
  const last = db.prepare<[], number | null>('SELECT max(seq) FROM audit_entries').pluck()
  const record = db.prepare<[number, number], { seq: number; body: string }>(
    `SELECT seq, body FROM audit_entries WHERE seq > ? AND seq <= ?
     AND state IN ('held', 'answered', 'approval.settled', 'gateway.started') ORDER BY seq`,
  )
  const open = db.prepare<[PromptRow]>(
    `INSERT INTO prompts VALUES (@id, @opened_at, @settled_at, @outcome, @client, @server, @tool, @rules, @waited_ms)
     ON CONFLICT (id) DO NOTHING`,
  )
  const wait = db.prepare<[number, string]>('UPDATE prompts SET waited_ms = max(ifnull(waited_ms, 0), ?) WHERE id = ?')
  const settle = db.prepare<[number, string, string]>('UPDATE prompts SET settled_at = ?, outcome = ? WHERE id = ?')
  const end = db.prepare<[number]>("UPDATE prompts SET settled_at = ?, outcome = 'cancelled' WHERE outcome = 'pending'")
  const since = db.prepare<[number, number], PromptRow>(
    'SELECT * FROM prompts WHERE opened_at >= ? ORDER BY opened_at DESC LIMIT ?',
  )
  const forget = db.prepare<[number]>('DELETE FROM prompts WHERE opened_at < ?')
  const applyAll = db.transaction((changes: readonly PromptChange[], upTo: number): void => {
    for (const change of changes) {
      if (change.kind === 'opened') open.run(change.row)
      else if (change.kind === 'waited') wait.run(change.ms, change.id)
      else if (change.kind === 'settled') settle.run(change.at, change.outcome, change.id)
      else end.run(change.at)
    }
    setThrough.run(upTo)
  })
  return {
    through: (): number => through.get() ?? 0,
    lastRecord: (): number => last.get() ?? 0,
    record: (after: number, upTo: number) => record.all(after, upTo),
    /** Makes `changes`, and says up to which record they were drawn; all or nothing. */
    apply(changes: readonly PromptChange[], upTo: number): void {
      applyAll(changes, upTo)
    },
    /** The newest `most` that were asked since. */
    since: (ms: number, most: number): PromptRow[] => since.all(ms, most).toReversed(),
    forget: (before: number) => void forget.run(before),
  }
}
