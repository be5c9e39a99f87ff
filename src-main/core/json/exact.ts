import { stringEnd } from '../safety/plain-json.ts'
import { quote } from './spans.ts'

/** Digits enough that a double may not hold the number; most text has none, and then plain parsing is exact. */
const suspicious = /\d{16}|\d[eE][+-]?\d/

function held(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false
  if (/^-?\d+$/.test(source)) return source.length <= exactDigits || BigInt(source) === BigInt(value)
  return digitsOf(source) <= exactDigits
}

/** So many decimal digits a double holds, whichever they are. */
const exactDigits = 15

/** Decimal digits from the first that is not zero on, without those of the exponent. */
function digitsOf(source: string): number {
  let digits = 0
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if ((code | 0x20) === 0x65) break
    if (code > 0x30 || (code === 0x30 && digits > 0)) digits++
  }
  return digits
}

/** Bytes of numbers, and those that begin one. */
const ofNumber = new Uint8Array(128)
for (const mark of '0123456789.eE+-') ofNumber[mark.charCodeAt(0)] = 1
for (const mark of '0123456789-') ofNumber[mark.charCodeAt(0)] = 2

/** The text with those numbers as strings that a double cannot hold; null when there is none. Expects text that is JSON. */
function quoteNumbers(text: string): string | null {
  const parts: string[] = []
  let copied = 0
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code === quote) at = stringEnd(text, at)
    else if (ofNumber[code] !== 2) at++
    else {
      const start = at
      while (ofNumber[text.charCodeAt(at)]) at++
      const source = text.slice(start, at)
      if (held(Number(source), source)) continue
      parts.push(text.slice(copied, start), `"${source}"`)
      copied = at
    }
  }
  return copied === 0 ? null : parts.join('') + text.slice(copied)
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
  const quoted = suspicious.test(text) ? quoteNumbers(text) : null
  return quoted === null ? parsed : JSON.parse(quoted)
}
