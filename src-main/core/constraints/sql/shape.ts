import type { Token } from './cut.ts'
import type { CutDialect } from './dialects.ts'
import { beforeBracket, functions } from './functions.ts'
import { onlyReads, Unacceptable } from './verdict.ts'

/** More brackets than this inside each other are not read: parsers take long, or run out of stack. */
const maxDepth = 64
/** More pieces than this are not read: what a parser needs grows with them. */
const maxTokens = 8000

const changing = ['insert', 'update', 'delete', 'replace'] as const

/**
 * Words that stand, without quotes, in no statement that only reads. Names that are written like one of them need quotes, and the
 * databases that reserve them want that too.
 */
const never: Record<CutDialect, ReadonlySet<string>> = {
  mysql: wordsOf(`into create drop alter grant revoke call load lock unlock set declare procedure outfile dumpfile kill
    purge optimize table signal resignal`),
  sqlite: wordsOf('into create drop alter attach detach pragma vacuum reindex returning'),
  // Here statements need no sign between them.
  tsql: wordsOf(`into create drop alter truncate grant revoke deny exec execute merge backup restore dbcc kill shutdown use go
    waitfor set declare print raiserror throw goto while if begin commit rollback save tran transaction reconfigure bulk openquery
    openrowset opendatasource openxml writetext updatetext readtext revert checkpoint xlock tablockx tablock updlock holdlock
    paglock rowlock serializable repeatableread return receive send table option procedure proc trigger close deallocate`),
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}

/** A statement in pieces, without the `;` at its end and without what asks only how it would be run. */
export type Shape = { tokens: Token[]; explained: boolean; changes: boolean }

/**
 * Whether pieces can be one statement that reads, or with `mayChange` one that changes rows, and calls nothing but known
 * functions. This looks at words only, so that it holds whatever a parser makes of them. Throws Unacceptable.
 */
export function shapeOf(all: readonly Token[], dialect: CutDialect, mayChange: boolean): Shape {
  const whole = withoutEnd(all)
  bounded(whole)
  const { tokens, explained } = withoutExplain(whole, dialect)
  const [first] = tokens
  const begins = first?.kind === 'word' ? first.text.toLowerCase() : isOperator(first, '(') ? '(' : ''
  const changes =
    changing.some((word) => word === begins) || (begins === 'with' && tokens.some((_, at) => isChange(tokens, at)))
  if (changes && !mayChange) throw new Unacceptable(`\`${first?.text}\` changes rows; ${onlyReads}`, 'read_only')
  if (!changes && !['select', 'with', 'values', '('].includes(begins))
    throw new Unacceptable(`SQL that begins with \`${first?.text}\`; ${onlyReads}`, mayChange ? null : 'read_only')
  tokens.forEach((_, index) => {
    look(tokens, index, dialect, changes)
  })
  return { tokens, explained, changes }
}

function withoutEnd(all: readonly Token[]): Token[] {
  const last = all.findLastIndex((token) => !isOperator(token, ';'))
  if (last === -1) throw new Unacceptable('there is no statement in the SQL')
  const tokens = all.slice(0, last + 1)
  if (tokens.some((token) => isOperator(token, ';')))
    throw new Unacceptable('more than one statement; send one at a time')
  return tokens
}

function bounded(tokens: readonly Token[]): void {
  if (tokens.length > maxTokens) throw new Unacceptable(`more than ${maxTokens} words and signs are not read`)
  let depth = 0
  for (const token of tokens) {
    if (isOperator(token, '(')) depth += 1
    if (isOperator(token, ')')) depth -= 1
    if (depth > maxDepth) throw new Unacceptable(`more than ${maxDepth} brackets inside each other are not read`)
    if (depth < 0) throw new Unacceptable('a bracket that closes nothing')
  }
  if (depth !== 0) throw new Unacceptable('a bracket that is not closed')
}

/** T-SQL has no statement for it. */
function withoutExplain(tokens: Token[], dialect: CutDialect): { tokens: Token[]; explained: boolean } {
  if (dialect === 'tsql' || !isWord(tokens[0], 'explain')) return { tokens, explained: false }
  const asked = tokens.slice(1, 4).map((token) => token.text.toLowerCase())
  const skipped =
    dialect === 'sqlite'
      ? asked[0] === 'query' && asked[1] === 'plan'
        ? 3
        : 1
      : asked[0] === 'format' && asked[1] === '=' && ['tree', 'json', 'traditional'].includes(asked[2] ?? '')
        ? 4
        : 1
  return { tokens: tokens.slice(skipped), explained: true }
}

/** `replace(…)` is a function. */
function isChange(tokens: readonly Token[], at: number): boolean {
  const isCall = isWord(tokens[at], 'replace') && isOperator(tokens[at + 1], '(')
  return !isCall && changing.some((word) => isWord(tokens[at], word))
}

function look(tokens: readonly Token[], index: number, dialect: CutDialect, changes: boolean): void {
  const token = tokens[index]
  const next = tokens[index + 1]
  if (token?.kind === 'word') lookAtWord(token, next, dialect, changes)
  if (isWord(token, 'for') && (isWord(next, 'share') || isWord(next, 'update')))
    throw new Unacceptable('`FOR SHARE` and `FOR UPDATE` lock rows; leave them out', 'read_only')
  if (isWord(token, 'next') && isWord(next, 'value'))
    throw new Unacceptable('`NEXT VALUE FOR` moves a sequence', 'read_only')
  // SQLite takes the name of a table here.
  if (isWord(token, 'in') && !isOperator(next, '(')) throw new Unacceptable('`IN` needs a list in brackets')
  // SQLite takes all up to the next bracket for the name of one parameter, quotes as well.
  if (isOperator(next, '(') && token?.kind === 'parameter')
    throw new Unacceptable(`a bracket after the parameter \`${token.text}\``)
  if (isOperator(next, '(') && (token?.kind === 'word' || token?.kind === 'quoted'))
    lookAtFunction(tokens, index, dialect, changes)
}

function lookAtWord(token: Token, next: Token | undefined, dialect: CutDialect, changes: boolean): void {
  const word = token.text.toLowerCase()
  const isCall = isOperator(next, '(')
  const allowed = changes && (word === 'into' || (word === 'set' && !isCall))
  const changesRows = !changes && changing.some((each) => each === word) && !(word === 'replace' && isCall)
  if ((never[dialect].has(word) && !allowed && !(word === 'truncate' && isCall)) || changesRows)
    throw new Unacceptable(
      `\`${token.text}\` has no place in SQL that only reads (a name needs quotes); ${onlyReads}`,
      'read_only',
    )
}

/** What stands before a bracket must be a known word, a known function, or the name of columns that are listed in it. */
function lookAtFunction(tokens: readonly Token[], index: number, dialect: CutDialect, changes: boolean): void {
  const token = tokens[index] as Token
  const before = tokens[index - 1]
  const name = token.text.toLowerCase()
  if (token.kind === 'word' && beforeBracket.has(name)) return
  if (token.kind === 'word' && !isOperator(before, '.') && functions[dialect].has(name)) return
  const closing = closingOf(tokens, index + 1)
  const lists = plainNames(tokens.slice(index + 2, closing))
  // `WITH name (a, b) AS (…)`
  if (lists && isWord(tokens[closing + 1], 'as') && isOperator(tokens[closing + 2], '(')) return
  // `(…) AS name (a, b)`
  const beforeAs = isWord(before, 'as') ? tokens[index - 2] : before
  if (lists && isOperator(beforeAs, ')')) return
  // `INSERT INTO name (a, b)`, `INSERT INTO schema.name (a, b)`
  if (lists && changes && intoBefore(tokens, index)) return
  throw new Unacceptable(
    `the function \`${token.text}\` is none of those that are known only to compute; leave it out`,
    'read_only',
  )
}

function intoBefore(tokens: readonly Token[], index: number): boolean {
  let at = index
  while (isOperator(tokens[at - 1], '.')) at -= 2
  return isWord(tokens[at - 1], 'into')
}

function closingOf(tokens: readonly Token[], opening: number): number {
  let depth = 0
  for (let at = opening; at < tokens.length; at++) {
    if (isOperator(tokens[at], '(')) depth += 1
    if (isOperator(tokens[at], ')')) depth -= 1
    if (depth === 0) return at
  }
  return tokens.length
}

function plainNames(tokens: readonly Token[]): boolean {
  return (
    tokens.length > 0 &&
    tokens.every((token, at) =>
      at % 2 === 1 ? isOperator(token, ',') : token.kind === 'word' || token.kind === 'quoted',
    )
  )
}

/** Whether a piece is this word, without quotes, in any case. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word
}

/** Whether a piece is this sign. */
export function isOperator(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'operator' && token.text === sign
}
