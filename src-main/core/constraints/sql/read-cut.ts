import { cut, type Token } from './cut.ts'
import type { CutDialect } from './dialects.ts'
import { type Blocked, blockedBy, blockedNames, refuseSystem, shadowOf } from './names.ts'
import { type PlainText, plainText } from './plain-text.ts'
import { refuseMoreRows, rowLimitOf } from './row-limit.ts'
import { isOperator, isWord, shapeOf } from './shape.ts'
import { readTree } from './tree.ts'
import { type SqlBounds, type SqlReading, Unacceptable } from './verdict.ts'

/** A parser of node-sql-parser for one dialect. */
export type Parse = (text: string) => unknown

/**
 * Reads SQL of a dialect whose parser was written for other ends: first cut into pieces by rules of ours, judged by its words, and
 * only then parsed, as plain text. What either refuses is refused. Throws Unacceptable.
 */
export function readCut(text: string, dialect: CutDialect, bounds: SqlBounds, parse: Parse): SqlReading {
  const mayChange = bounds.read_only !== true
  const all = cut(text, dialect)
  const blocked = blockedNames(bounds.blocked_tables ?? [])
  // First, because people may want to be told of it, whatever else is wrong.
  if (blocked.length > 0) refuseNames(all, blocked)
  const { tokens, explained, changes } = shapeOf(all, dialect, mayChange)
  const plain = plainText(tokens, dialect)
  const found = readTree(parsed(plain, parse), plain, dialect, mayChange)
  if (blocked.length > 0) for (const table of found.tables) refuseSystem(table)
  if (bounds.require_where_clause && found.unbounded) throw new Unacceptable(needsWhere, 'require_where_clause')
  const rowLimit = rowLimitOf(tokens, dialect)
  const givesRows = changes ? tokens.some((token) => isWord(token, 'returning') || isWord(token, 'output')) : !explained
  if (bounds.max_rows !== undefined && givesRows) refuseMoreRows(rowLimit, bounds.max_rows, dialect)
  return { ok: true, tables: found.tables, rowLimit }
}

/** What a query must have that says which rows. */
export const needsWhere = 'each part that reads a table needs a `WHERE` that compares one of its columns'

function parsed(plain: PlainText, parse: Parse): unknown {
  try {
    return parse(plain.text)
  } catch {
    // Its message would show placeholders.
    throw new Unacceptable('the SQL cannot be read in the dialect of the server; write it more plainly')
  }
}

/** Any name that a blocked table has counts, also of a column or of a query in `WITH`: no reading of the statement is trusted for it. */
function refuseNames(tokens: readonly Token[], blocked: readonly Blocked[]): void {
  tokens.forEach((token, index) => {
    if (!isName(token)) return
    const name = nameEndingAt(tokens, index)
    const said = blockedBy(name, blocked) ?? blockedBy(shadowOf(name), blocked)
    if (said !== null)
      throw new Unacceptable(
        `\`${name.join('.')}\` is a blocked table (\`${said}\`), or is called like one`,
        'blocked_tables',
      )
  })
}

/** Strings in double quotes are names where a database is set up so. */
function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quoted' || (token?.kind === 'string' && token.quote === '"')
}

function nameEndingAt(tokens: readonly Token[], end: number): string[] {
  const parts: string[] = []
  for (let at = end; isName(tokens[at]); at -= 2) {
    parts.unshift(tokens[at]?.text ?? '')
    if (!isOperator(tokens[at - 1], '.')) break
  }
  return parts
}
