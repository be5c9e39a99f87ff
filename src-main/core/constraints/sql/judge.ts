import { beforeReading } from './before-reading.ts'
import type { Dialect } from './dialects.ts'
import { readPostgres } from './postgres.ts'
import { type Parse, readCut } from './read-cut.ts'
import { type SqlBounds, type SqlVerdict, Unacceptable } from './verdict.ts'

/**
 * Whether SQL keeps to its bounds, as far as its text says. What cannot be read does not. `parse` is the dialect's parser:
 * PostgreSQL's own, or that of node-sql-parser. Pure, and without a bound on its time.
 */
export function judgeSql(text: string, dialect: Dialect, bounds: SqlBounds, parse: Parse): SqlVerdict {
  try {
    beforeReading(text)
    if (dialect !== 'postgresql') return readCut(text, dialect, bounds, parse)
    return readPostgres(parsedByPostgres(text, parse), bounds)
  } catch (error) {
    if (error instanceof Unacceptable) {
      // What one bound forbids as well another may; only what was asked for is named.
      const bound = error.bound !== null && bounds[error.bound] !== undefined ? error.bound : null
      return { ok: false, bound, why: error.message }
    }
    // Too deep for the stack, or something in a tree that is not as it is known to be.
    return { ok: false, bound: null, why: 'the SQL cannot be read; write it more plainly' }
  }
}

function parsedByPostgres(text: string, parse: Parse): unknown {
  try {
    return parse(text)
  } catch (error) {
    const said = error instanceof Error ? error.message.slice(0, 200) : ''
    throw new Unacceptable(`the SQL cannot be read as PostgreSQL: ${said}`)
  }
}
