/** Digits enough that a double may not hold the number; most text has none, and then plain parsing is exact. */
const suspicious = /\d{16}|\d[eE][+-]?\d/

function held(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false
  if (/^-?\d+$/.test(source)) return BigInt(source) === BigInt(value)
  const digits = source
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
  return digits.length <= 15
}

const scalarStart = /["\d-]/g
const numberEnd = /[^\d.eE+-]/g

function found(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.exec(text)?.index ?? text.length
}

/** One past the closing quote of the string that opens at `at`. */
function stringEnd(text: string, at: number): number {
  let close = text.indexOf('"', at + 1)
  for (;;) {
    let escapes = 0
    while (text[close - 1 - escapes] === '\\') escapes++
    if (escapes % 2 === 0) return close + 1
    close = text.indexOf('"', close + 1)
  }
}

/** The text with those numbers as strings that a double cannot hold. Expects text that is JSON. */
function quoteNumbers(text: string): string {
  const parts: string[] = []
  let copied = 0
  for (let at = found(scalarStart, text, 0); at < text.length; at = found(scalarStart, text, at)) {
    if (text[at] === '"') {
      at = stringEnd(text, at)
      continue
    }
    const end = found(numberEnd, text, at)
    const source = text.slice(at, end)
    if (!held(Number(source), source)) {
      parts.push(text.slice(copied, at), `"${source}"`)
      copied = end
    }
    at = end
  }
  return parts.join('') + text.slice(copied)
}

/**
 * Parses JSON; a number that a double cannot hold becomes its exact text instead of being rounded (contracts.md, bindings).
 * Throws SyntaxError like `JSON.parse`. Without a reviver, which would recurse into what may be nested a million times.
 */
export function parseExact(text: string): unknown {
  return exactOf(text, JSON.parse(text))
}

/** `parseExact` of a text of which `parsed` is known to be the plain reading, which is taken as it is where nothing was rounded. */
export function exactOf(text: string, parsed: unknown): unknown {
  return suspicious.test(text) ? JSON.parse(quoteNumbers(text)) : parsed
}
