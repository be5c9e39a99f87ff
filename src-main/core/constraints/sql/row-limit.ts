import type { Token } from './cut.ts'
import type { CutDialect } from './dialects.ts'
import { isOperator, isWord } from './shape.ts'
import { Unacceptable } from './verdict.ts'

const hints = {
  postgresql: (rows: number) => `end the query with \`LIMIT ${rows}\``,
  mysql: (rows: number) => `end the query with \`LIMIT ${rows}\``,
  sqlite: (rows: number) => `end the query with \`LIMIT ${rows}\``,
  tsql: (rows: number) =>
    `begin the query with \`SELECT TOP (${rows})\` or end it with \`FETCH NEXT ${rows} ROWS ONLY\``,
}

/** Throws when a query does not say, as a number at its outermost level, that it gives at most `most` rows. */
export function refuseMoreRows(found: number | null, most: number, dialect: keyof typeof hints): void {
  if (found !== null && found <= most) return
  const said = found === null ? 'does not say how many rows it gives at most' : `asks for ${found} rows`
  throw new Unacceptable(`the query ${said}, and at most ${most} are allowed; ${hints[dialect](most)}`, 'max_rows')
}

/** How many rows a statement says that it gives at most, as a number at its outermost level; null when it does not. */
export function rowLimitOf(tokens: readonly Token[], dialect: CutDialect): number | null {
  return dialect === 'tsql' ? (fetched(tokens) ?? top(tokens)) : limited(tokens)
}

/** `LIMIT n`, `LIMIT n OFFSET m` and `LIMIT m, n` at the very end, where they hold for all that stands before. */
function limited(tokens: readonly Token[]): number | null {
  const [limit, first, between, second] = tokens.slice(lastOutside(tokens, 'limit'))
  if (!isWord(limit, 'limit')) return null
  const length = tokens.length - lastOutside(tokens, 'limit')
  if (length === 2) return count(first)
  if (length !== 4 || count(first) === null || count(second) === null) return null
  if (isOperator(between, ',')) return count(second)
  return isWord(between, 'offset') ? count(first) : null
}

/** `OFFSET m ROWS FETCH NEXT n ROWS ONLY` at the very end. */
function fetched(tokens: readonly Token[]): number | null {
  const [fetch, next, rows, word, only, ...more] = tokens.slice(lastOutside(tokens, 'fetch'))
  const reads =
    isWord(fetch, 'fetch') &&
    (isWord(next, 'next') || isWord(next, 'first')) &&
    (isWord(word, 'rows') || isWord(word, 'row')) &&
    isWord(only, 'only')
  return reads && more.length === 0 ? count(rows) : null
}

/** `SELECT TOP n` or `SELECT TOP (n)`, which holds for one `SELECT` and so for a statement that has only one outside brackets. */
function top(tokens: readonly Token[]): number | null {
  const at = lastOutside(tokens, 'select')
  const others = ['union', 'except', 'intersect'].some((word) => lastOutside(tokens, word) < tokens.length)
  if (others || at >= tokens.length) return null
  const distinct = isWord(tokens[at + 1], 'distinct') || isWord(tokens[at + 1], 'all')
  const after = tokens.slice(at + (distinct ? 2 : 1), at + 8)
  if (!isWord(after[0], 'top')) return null
  const bracket = isOperator(after[1], '(') && isOperator(after[3], ')')
  const [number, next] = bracket ? [after[2], after[4]] : [after[1], after[2]]
  const ties = isWord(next, 'percent') || (isWord(next, 'with') && tokens.some((token) => isWord(token, 'ties')))
  return ties ? null : count(number)
}

/** Where a word stands last outside all brackets; the number of tokens when it does not. */
function lastOutside(tokens: readonly Token[], word: string): number {
  let depth = 0
  for (let at = tokens.length - 1; at >= 0; at--) {
    if (isOperator(tokens[at], ')')) depth += 1
    if (isOperator(tokens[at], '(')) depth -= 1
    if (depth === 0 && isWord(tokens[at], word)) return at
  }
  return tokens.length
}

function count(token: Token | undefined): number | null {
  return token?.kind === 'number' && /^\d{1,9}$/.test(token.text) ? Number(token.text) : null
}
