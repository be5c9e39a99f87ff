import { type Dialect, isDialect } from './dialects.ts'
import { blockedBy, blockedNames, shadowOf } from './names.ts'
import { readingThread } from './reading-thread.ts'
import { type AskDatabase, whatIsRead } from './schema.ts'
import { type SqlBounds, type SqlVerdict, Unacceptable } from './verdict.ts'

/** Judges SQL before it is sent. */
export type SqlChecker = {
  /**
   * Whether SQL keeps to its bounds. `ask` reaches the database that will run it: where tables are blocked, it is asked what the
   * names in a statement stand for. Without one, names of tables are refused then. Never rejects.
   */
  check: (text: string, dialect: string, bounds: SqlBounds, ask: AskDatabase | null) => Promise<SqlVerdict>
  /** Whether the thread that reads runs, and holds its memory, right now. */
  running: () => boolean
  close: () => void
}

/** Makes what judges SQL. It costs nothing until it is first asked, and nothing again soon after. */
export function sqlChecker(): SqlChecker {
  const thread = readingThread()
  return {
    async check(text, dialect, bounds, ask) {
      if (!isDialect(dialect)) return { ok: false, bound: null, why: `SQL of the kind \`${dialect}\` cannot be read` }
      const verdict = await thread.read(text, dialect, bounds)
      if (!verdict.ok || !bounds.blocked_tables?.length || verdict.tables.length === 0) return verdict
      return (await behindNames(verdict.tables, dialect, bounds.blocked_tables, ask)) ?? verdict
    },
    running: thread.running,
    close: thread.close,
  }
}

/** Why the tables that stand behind names may not be read, or null. */
async function behindNames(
  tables: readonly string[][],
  dialect: Dialect,
  blockedTables: readonly string[],
  ask: AskDatabase | null,
): Promise<SqlVerdict | null> {
  const blocked = blockedNames(blockedTables)
  try {
    const read = await whatIsRead(tables, dialect, ask ?? (async () => null))
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
