import { closingQuote, colon, quote, type Span, skipSpace, textOf } from './spans.ts'

/**
 * What can be made out of a line that is no message for us: its id as text of JSON, else `null`, and whether it asks or tells
 * something; one that answers something too could be taken for that and counts as an answer.
 */
export type Salvaged = { idText: string; asks: boolean }

const longestId = 1_024

function idOf(raw: Buffer, { start, end }: Span): string {
  // A number that ends with the text may have been cut.
  if (end - start > longestId || (raw[start] !== quote && end === raw.length)) return 'null'
  return idIn(raw.toString('utf8', start, end))
}

function idIn(value: string): string {
  if (!/^["\d-]/.test(value)) return 'null'
  try {
    JSON.parse(value)
    return value
  } catch {
    return 'null'
  }
}

function decoded(keyText: string): string | null {
  try {
    return JSON.parse(keyText) as string
  } catch {
    return null
  }
}

/** Marks and white space end a plain value. */
const ends = new Set([0x22, 0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d])

/** The strings, plain values and marks of a text, until it ends or is no JSON any more. A string that is cut off is left out. */
function* tokensOf(raw: Buffer): Generator<Span> {
  const isPlain = (at: number) => (raw[at] ?? 0) > 0x20 && !ends.has(raw[at] ?? 0)
  for (let start = skipSpace(raw, 0); start < raw.length; ) {
    let end = start + 1
    if (raw[start] === quote) {
      const close = closingQuote(raw, start)
      if (close < 0) return
      end = close + 1
    } else if (isPlain(start)) while (isPlain(end)) end++
    yield { start, end }
    start = skipSpace(raw, end)
  }
}

/**
 * What an error answer to such a line may carry. Only the outermost members count: what lies deeper may be an id too, and of
 * another request. The line may be cut off, or not be JSON any more from some place on.
 */
export function salvage(raw: Buffer): Salvaged {
  const found: Salvaged = { idText: 'null', asks: false }
  let depth = 0
  let key = ''
  let answers = false
  let before: Span | null = null
  for (const next of tokensOf(raw)) {
    const mark = raw[next.start]
    // Of a batch, the first message: its outermost bracket does not count.
    if (mark === 0x7b || (mark === 0x5b && before)) depth++
    else if (mark === 0x7d || mark === 0x5d) depth--
    else if (depth === 1 && before) {
      const after = raw[before.start]
      if (mark === colon) key = after === quote ? (decoded(textOf(raw, before)) ?? '') : ''
      else if (after === colon && key === 'id' && found.idText === 'null') found.idText = idOf(raw, next)
      if (mark === colon && key === 'method') found.asks = true
      if (mark === colon && (key === 'result' || key === 'error')) answers = true
    }
    if (depth === 0 && before) break
    before = next
  }
  return { ...found, asks: found.asks && !answers }
}

/** The id at the very end of a line, where some clients put it, when `tail` is how a line of one message ended; else `null`. */
export function salvageIdAtEnd(tail: Buffer): string {
  const text = tail.toString('utf8')
  return idIn(/(?<!\\)"id"\s*:\s*("(?:[^"\\]|\\.){0,1024}"|-?[\d.eE+-]{1,64})\s*\}\s*$/.exec(text)?.[1] ?? '')
}
