import type { Db } from './database.ts'

/**
 * A call that a person was asked about: the records of its decision and of its being held, the picture kept beside it, and how the
 * request ended, `edited` where a person let it run otherwise than it was asked, `in_client` where a client said yes for its person; null
 * while it has not.
 */
export type AskedRow = {
  call_id: string
  held: string
  decided: string | null
  picture: string | null
  answer: string | null
}

export type AskedTable = ReturnType<typeof askedTable>

/** Reads calls that people were asked about; what the journal still holds is not seen. */
export function askedTable(db: Db) {
  // The index holds only what was held: few among many records, so that going through it is short.
  const select = (more: string) =>
    db.prepare<unknown[], AskedRow>(
      `SELECT held.call_id, held.body AS held, first.body AS decided, picture.body AS picture, (
         SELECT CASE WHEN json_extract(ended.body, '$.detail.edited') THEN 'edited'
           WHEN json_extract(ended.body, '$.detail.door') = 'client'
             AND json_extract(ended.body, '$.detail.answer') = 'approved' THEN 'in_client'
           ELSE json_extract(ended.body, '$.detail.answer') END FROM audit_entries AS ended
         WHERE ended.state = 'approval.settled' AND
           CASE WHEN json_valid(ended.body) THEN json_extract(ended.body, '$.detail.approval_id') END
             = json_extract(held.body, '$.approval_id') LIMIT 1
       ) AS answer
       FROM audit_entries AS held INDEXED BY held_requests
       LEFT JOIN audit_entries AS first ON first.seq = (
         SELECT min(seq) FROM audit_entries WHERE call_id = held.call_id AND state = 'decided')
       LEFT JOIN replay_pictures AS picture ON picture.seq = first.seq
       WHERE held.state = 'held' AND json_valid(held.body)
         AND json_extract(held.body, '$.timestamp') >= ? ${more} ORDER BY held.seq DESC LIMIT ?`,
    )
  const all = select('')
  const some = select(`AND held.server = ? AND json_extract(held.body, '$.agent_id') = ?`)
  return {
    /** Those since then (ISO 8601), newest first. */
    all: (since: string, most: number): AskedRow[] => all.all(since, most),
    /** The same, of what one client asked of one server. */
    of: (since: string, server: string, client: string, most: number): AskedRow[] =>
      some.all(since, server, client, most),
  }
}
