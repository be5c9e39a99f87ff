import type { CutDialect } from './dialects.ts'
import { Unacceptable } from './verdict.ts'

/** A piece of SQL. `text`: of a quoted name or string what is inside; `loose`: white space or a comment stands before it. */
export type Token = {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'operator'
  text: string
  loose: boolean
  /** The quote that it stood in. */
  quote?: string
}

type Rules = {
  /** What each quote holds. */
  quotes: Readonly<Record<string, 'quoted' | 'string'>>
  operators: readonly string[]
  /** Values that are sent apart from the text. */
  parameter: RegExp
}

const common = ['<=', '>=', '<>', '!=', '||', ...'()+-*/%=<>,.;&|~']

// Double quotes hold a name or a string, as the database is set up: those who compare names look into both.
const rules: Record<CutDialect, Rules> = {
  mysql: {
    quotes: { "'": 'string', '"': 'string', '`': 'quoted' },
    operators: ['<=>', '->>', '->', '<<', '>>', '&&', ...common, '!', '^'],
    parameter: /\?|:[A-Za-z_]\w*/y,
  },
  sqlite: {
    quotes: { "'": 'string', '"': 'quoted', '`': 'quoted', '[': 'quoted' },
    operators: ['->>', '->', '==', '<<', '>>', ...common],
    parameter: /\?\d*|[:@$][A-Za-z_]\w*/y,
  },
  tsql: {
    quotes: { "'": 'string', '"': 'quoted', '[': 'quoted' },
    operators: ['!<', '!>', ...common, '^'],
    parameter: /@[A-Za-z_]\w*/y,
  },
}

// What databases disagree about (white space outside ASCII, line ends, digits inside names) is no white space and no word here.
const blank = /(?: |\t|\r?\n)+/y
const word = /[\p{L}_][\p{L}\p{M}\p{Nd}_$]*/uy
const number = /0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const wordLike = /[\p{L}\p{M}\p{Nd}_$#@]/uy
const strange = /[^\P{C}\t\n\r]|\p{Zl}|\p{Zp}|\r(?!\n)/u

/**
 * Cuts SQL into its pieces, without its comments. Where databases, or settings of one, could read the same characters
 * differently, there is nothing to cut: throws Unacceptable.
 */
export function cut(text: string, dialect: CutDialect): Token[] {
  const tokens: Token[] = []
  const { quotes, operators, parameter } = rules[dialect]
  let at = 0
  let loose = false
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? null
    if (found !== null) at += found.length
    return found
  }
  const next = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    return pattern.test(text)
  }
  const push = (kind: Token['kind'], said: string, quote?: string) => {
    tokens.push({ kind, text: said, loose, ...(quote !== undefined && { quote }) })
    loose = false
  }
  while (at < text.length) {
    const comment = commentEnd(text, at, dialect)
    if (comment !== null || take(blank) !== null) {
      at = comment ?? at
      loose = true
      continue
    }
    const opening = text.charAt(at)
    const holds = quotes[opening]
    if (holds) {
      introduced(tokens.at(-1), loose, opening)
      const end = quoteEnd(text, at)
      push(holds, unquoted(text.slice(at, end)), opening)
      at = end
      continue
    }
    const said = take(word)
    if (said !== null) {
      push('word', said)
      continue
    }
    const digits = take(number)
    if (digits !== null) {
      if (next(wordLike) || (digits.endsWith('.') && next(/\./y)))
        throw new Unacceptable(`\`${digits}\` runs into what follows; put a space between`)
      push('number', digits)
      continue
    }
    const given = take(parameter)
    if (given !== null) {
      push('parameter', given)
      continue
    }
    const operator = operators.find((each) => text.startsWith(each, at))
    if (operator === undefined) throw new Unacceptable(`a character that stands for nothing here: ${shown(text, at)}`)
    push('operator', operator)
    at += operator.length
  }
  return tokens
}

/** Where a comment that begins at `at` ends, or null. */
function commentEnd(text: string, at: number, dialect: CutDialect): number | null {
  if (text.startsWith('/*', at)) {
    const end = text.indexOf('*/', at + 2)
    const inside = end === -1 ? '' : text.slice(at + 2, end)
    if (end === -1) throw new Unacceptable('a comment that does not end')
    if (inside.includes('/*')) throw new Unacceptable('a comment inside a comment; leave comments out')
    refuseStrange(inside)
    return end + 2
  }
  const dashes = text.startsWith('--', at)
  if (!dashes && !(dialect === 'mysql' && text.charAt(at) === '#')) return null
  // MySQL reads `--1` as minus minus one.
  if (dashes && dialect === 'mysql' && !/^(--)([ \t\r\n]|$)/.test(text.slice(at, at + 3)))
    throw new Unacceptable('`--` without a space after it is read differently by different databases')
  const end = text.indexOf('\n', at)
  refuseStrange(text.slice(at, end === -1 ? undefined : end + 1))
  return end === -1 ? text.length : end + 1
}

function refuseStrange(inside: string): void {
  if (strange.test(inside)) throw new Unacceptable('a comment with characters that may end it; leave comments out')
}

/** Where what begins with the quote at `at` ends; a quote that is doubled does not end it. */
function quoteEnd(text: string, at: number): number {
  const opening = text.charAt(at)
  const closing = opening === '[' ? ']' : opening
  for (let end = text.indexOf(closing, at + 1); end !== -1; end = text.indexOf(closing, end + 2)) {
    if (text.charAt(end + 1) !== closing) return end + 1
  }
  throw new Unacceptable(`a ${opening} that is not closed`)
}

function unquoted(quoted: string): string {
  const closing = quoted.slice(-1)
  return quoted.slice(1, -1).replaceAll(closing + closing, closing)
}

/** Only letters that say how a string is written may touch its quote, and nothing a quote that follows another. */
function introduced(before: Token | undefined, loose: boolean, opening: string): void {
  if (!before || loose || before.kind === 'operator') return
  if (before.kind === 'word' && opening === "'" && /^[nxb]$/i.test(before.text)) return
  throw new Unacceptable(`a ${opening} right after \`${before.text}\` is read differently by different databases`)
}

function shown(text: string, at: number): string {
  const point = text.codePointAt(at) ?? 0
  const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return point > 0x20 && point < 0x7f ? `\`${String.fromCodePoint(point)}\`` : code
}
