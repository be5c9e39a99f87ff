/** What a piece of SQL or shell is, for its tint. */
export type CodeKind = 'word' | 'text' | 'number' | 'note' | 'mark' | 'plain'
export type CodeToken = { kind: CodeKind; text: string }

/**
 * A kind of token and how it begins; of several that fit at a place, the first counts. What looks ahead or back without taking
 * what it saw is bounded: hostile text must not be read again from each of its characters.
 */
type Grammar = readonly (readonly [kind: CodeKind, pattern: RegExp])[]

const sqlWords =
  'add all alter and any as asc attach begin between by call case cascade check commit constraint copy create cross database default delete desc distinct do drop else end except exec execute exists explain false from full function grant group having if in index inner insert intersect into is join key left like limit merge natural not null offset on or order outer over partition pragma primary procedure references rename replace returning revoke right rollback select set show table then to transaction trigger true truncate union unique update upsert using vacuum values view when where with'

const sql: Grammar = [
  ['note', /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ['text', /'(?:[^']|'')*(?:'|$)/y],
  ['plain', /"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|\[[^\]\n]{0,128}\]/y],
  ['number', /\$?\d+(?:\.\d+)?/y],
  ['word', new RegExp(`(?:${sqlWords.replaceAll(' ', '|')})\\b(?!\\$)`, 'iy')],
  ['plain', /[\p{L}_][\p{L}\p{N}_$]*/uy],
  ['mark', /(?:(?!\/\*)[^\s\p{L}\p{N}_'"`[$-])+|[-[$]/uy],
]

const shell: Grammar = [
  ['note', /(?<=^|[\s;&|(])#[^\n]*/y],
  ['text', /'[^']*(?:'|$)|"(?:[^"\\]|\\[\s\S])*(?:"|$)/y],
  ['number', /\$(?:\{[^}\n]{0,128}\}|\w+|[?$!#@*-])/y],
  ['mark', /\$\(|[|&;<>()`{}]+/y],
  [
    'word',
    /(?<=(?:^|[\n|&;(`]|\$\()[ \t]{0,32}(?:(?:sudo|env|exec|nohup|time)[ \t]{1,32}){0,4})[^\s|&;<>()`'"$#][^\s|&;<>()`'"$]*/y,
  ],
  ['plain', /(?:\\[\s\S]|[^\s|&;<>()`'"$\\])+|[\\$]/y],
]

/**
 * What some database cuts in another way than the others, by the piece in which it stands: MySQL's, Snowflake's and Informix' comments,
 * those that run, those that nest in PostgreSQL; `--` without a blank, and ended by a carriage return; names in brackets and backticks; texts
 * in dollars, in three quotes, and with backslashes.
 */
const disputes: Partial<Record<CodeKind, RegExp>> = {
  note: /^--(?![ \t\r]|$)|^--[\s\S]*\r(?!$)|^\/\*[a-z]?!|^\/\*[\s\S]*\/\*/i,
  text: /\\|^'''/,
  plain: /[`[\\]|"""/,
  mark: /[#[{$\\]|\/\//,
}
/** Oracle's texts end where another sign than a quote says. */
const otherQuotes = /(?<![\p{L}\p{N}_$])n?q'/iu

/** Whether all databases cut SQL alike: up to the first piece that is disputed they are at the same place of it, and so read that alike. */
function isReadAlike(text: string): boolean {
  return !otherQuotes.test(text) && tokens(text, sql).every(({ kind, text: piece }) => !disputes[kind]?.test(piece))
}

/** SQL in pieces that together are exactly the text: one plain piece, where databases cut it differently. */
export function sqlTokens(text: string): CodeToken[] {
  return isReadAlike(text) ? tokens(text, sql) : [{ kind: 'plain', text }]
}

/** A line or script of shell in pieces that together are exactly the text. */
export function shellTokens(text: string): CodeToken[] {
  return tokens(text, shell)
}

function tokens(text: string, grammar: Grammar): CodeToken[] {
  const found: CodeToken[] = []
  let at = 0
  while (at < text.length) {
    const next = tokenAt(text, at, grammar)
    const last = found.at(-1)
    if (last && last.kind === 'plain' && next.kind === 'plain') last.text += next.text
    else found.push(next)
    at += next.text.length
  }
  return found
}

function tokenAt(text: string, at: number, grammar: Grammar): CodeToken {
  for (const [kind, pattern] of grammar) {
    pattern.lastIndex = at
    const [match] = pattern.exec(text) ?? []
    if (match) return { kind, text: match }
  }
  return { kind: 'plain', text: text[at] ?? '' }
}

/** The lines of tokenised text; a token that goes over several lines is in each. */
export function tokenLines(all: readonly CodeToken[]): CodeToken[][] {
  const lines: CodeToken[][] = [[]]
  for (const { kind, text } of all) {
    for (const [at, part] of text.split(/\r?\n/).entries()) {
      if (at > 0) lines.push([])
      if (part !== '') lines.at(-1)?.push({ kind, text: part })
    }
  }
  return lines
}

const sqlVerbs =
  /^(select|insert|update|delete|merge|upsert|drop|truncate|alter|create|grant|revoke|call|exec|execute|attach|copy|vacuum)$/i

const sqlStarts = /^(with|explain|show|pragma|begin|set|values|do)$/i

/** Whether a text begins as SQL does. */
export function looksLikeSql(text: string): boolean {
  const start = tokens(text, sql).find(({ kind, text: piece }) => kind !== 'note' && /[^\s(]/.test(piece))
  const word = start?.text.trim() ?? ''
  return sqlVerbs.test(word) || sqlStarts.test(word)
}

/** What SQL does, as far as its words tell. `alike`: all databases take the same words for verbs, and no other may run. */
export type SqlVerbs = { verbs: string[]; alike: boolean }

/**
 * The verbs of SQL in upper case, in order of appearance. Where databases read the text differently, every word that is a verb, in
 * texts and comments too, so that what any of them would run is named.
 */
export function verbsOfSql(text: string): SqlVerbs {
  const alike = isReadAlike(text)
  const words = alike
    ? tokens(text, sql).flatMap(({ kind, text: word }) => (kind === 'word' ? [word] : []))
    : (text.match(/[a-z]+/gi) ?? [])
  const verbs = words.filter((word) => sqlVerbs.test(word)).map((word) => word.toUpperCase())
  return { verbs: [...new Set(verbs)], alike }
}
