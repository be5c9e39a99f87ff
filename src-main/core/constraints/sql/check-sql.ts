import { type Dialect, isDialect } from './dialects.ts'
import { blockedBy, blockedNames, shadowOf } from './names.ts'
import { readingThread } from './reading-thread.ts'
import { type AskDatabase, whatIsRead } from './schema.ts'
import { type SqlBounds, type SqlComplaint, type SqlVerdict, Unacceptable } from './verdict.ts'

/** The tables that a statement names, and those that nothing may read. */
export type Names = { tables: string[][]; dialect: Dialect; blocked: readonly string[] }

/** Judges SQL before it is sent. */
export type SqlChecker = {
  /**
   * Whether SQL keeps to its bounds, as far as its text says. `names`: what its database is still to be asked, where tables are blocked;
   * null when nothing is. Never rejects.
   */
  check: (text: string, dialect: string, bounds: SqlBounds) => Promise<SqlVerdict & { names: Names | null }>
  /** Why what the names in a statement stand for may not be read, as the database that will run it says; or null. Never rejects. */
  behind: (names: Names, ask: AskDatabase) => Promise<SqlComplaint | null>
  /** Whether the thread that reads runs, and holds its memory, right now. */
  running: () => boolean
  close: () => void
}

/** Makes what judges SQL. It costs nothing until it is first asked, and nothing again soon after. */
export function sqlChecker(): SqlChecker {
  const thread = readingThread()
  return {
    async check(text, dialect, bounds) {
      if (!isDialect(dialect))
        return { ok: false, bound: null, why: `SQL of the kind \`${dialect}\` cannot be read`, names: null }
      const verdict = await thread.read(text, dialect, bounds)
      const blocked = bounds.blocked_tables ?? []
      if (!verdict.ok || blocked.length === 0 || verdict.tables.length === 0) return { ...verdict, names: null }
      return { ...verdict, names: { tables: verdict.tables, dialect, blocked } }
    },
    behind,
    running: thread.running,
    close: thread.close,
  }
}

async function behind(names: Names, ask: AskDatabase): Promise<SqlComplaint | null> {
  const blocked = blockedNames(names.blocked)
  try {
    const read = await whatIsRead(names.tables, names.dialect, ask)
    const hit = read.find((table) => blockedBy(table, blocked) ?? blockedBy(shadowOf(table), blocked))
    if (hit === undefined) return null
    const why = `what the statement names reads \`${hit.join('.')}\`, which is blocked`
    return { ok: false, bound: 'blocked_tables', why }
  } catch (error) {
    const why =
      error instanceof Unacceptable ? error.message : 'the database could not be asked what the names stand for'
    return { ok: false, bound: 'blocked_tables', why }
  }
}
