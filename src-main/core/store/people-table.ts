import type { Db } from './database.ts'

/** A person as stored: `groups` is JSON, `admin` and `removed` are 0 or 1, times are milliseconds since 1970. */
export type PersonRow = {
  id: string
  name: string
  groups: string
  admin: number
  removed: number
  away_since: number | null
  away_until: number | null
  delegate: string | null
}
export type PeopleTable = ReturnType<typeof peopleTable>

/** Reads and writes people; those who were removed stay, marked so. */
export function peopleTable(db: Db) {
  const all = db.prepare<[], PersonRow>('SELECT * FROM people ORDER BY id')
  const put = db.prepare<[PersonRow]>(
    `INSERT OR REPLACE INTO people (id, name, groups, admin, removed, away_since, away_until, delegate)
     VALUES (@id, @name, @groups, @admin, @removed, @away_since, @away_until, @delegate)`,
  )
  // Asked with every decision. Nobody else writes this table while a gateway runs.
  let rows = all.all()
  return {
    all: (): readonly PersonRow[] => rows,
    put(row: PersonRow): void {
      put.run(row)
      rows = all.all()
    },
  }
}
