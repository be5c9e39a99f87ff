/**
 * Finds where values lie in a line of JSON, so that a message can be judged by its parsed copy and forwarded, cut or masked
 * by its own bytes. Everything here expects text that `JSON.parse` has accepted; it does not validate.
 */

/** Byte offsets of a value: `end` is one past its last byte. */
export type Span = { start: number; end: number }

/** One member of an object: its decoded key and where its value lies. */
export type Member = { key: string; value: Span }

/** A double quote. */
export const quote = 0x22
const backslash = 0x5c
export const comma = 0x2c
/** The mark between a key and its value. */
export const colon = 0x3a

/** White space of JSON. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** The first byte from `at` on that is no white space. */
export function skipSpace(bytes: Buffer, at: number): number {
  let i = at
  while (isSpace(bytes[i])) i++
  return i
}

/** Strings shorter than this are looked through here: to ask the buffer costs more than so many bytes. */
const shortString = 24

/** Where the string that opens at `at` closes; -1 when it does not. */
export function closingQuote(bytes: Buffer, at: number): number {
  const near = Math.min(at + shortString, bytes.length)
  for (let i = at + 1; i < near && bytes[i] !== backslash; i++) if (bytes[i] === quote) return i
  const close = bytes.indexOf(quote, at + 1)
  return close < 0 || bytes[close - 1] !== backslash ? close : behindEscapes(bytes, at + 1)
}

/** The same of a string with an escape before a quote: by each of its bytes, since asking for every quote would cost more. */
function behindEscapes(bytes: Buffer, from: number): number {
  for (let i = from; i < bytes.length; i++) {
    if (bytes[i] === backslash) i++
    else if (bytes[i] === quote) return i
  }
  return -1
}

/** One past the closing quote of the string that opens at `at`. */
function skipString(bytes: Buffer, at: number): number {
  const close = closingQuote(bytes, at)
  if (close < 0) throw new SyntaxError('unterminated string')
  return close + 1
}

/** What each byte outside of strings does to the depth. */
const changes = new Int8Array(256)
const isString = 2
changes[quote] = isString
for (const open of [0x7b, 0x5b]) changes[open] = 1
for (const close of [0x7d, 0x5d]) changes[close] = -1

/** One past the end of the value that starts at `at`. */
function skipValue(bytes: Buffer, at: number): number {
  const first = bytes[at]
  if (first === quote) return skipString(bytes, at)
  let i = at
  if (first !== 0x7b && first !== 0x5b) {
    while (i < bytes.length && !isSpace(bytes[i]) && bytes[i] !== comma && bytes[i] !== 0x7d && bytes[i] !== 0x5d) i++
    return i
  }
  for (let depth = 0; i < bytes.length; ) {
    const change = changes[bytes[i] as number] as number
    if (change === isString) {
      i = skipString(bytes, i)
      continue
    }
    i++
    depth += change
    if (change < 0 && depth === 0) return i
  }
  throw new SyntaxError('unterminated value')
}

/** The text of a span. */
export function textOf(bytes: Buffer, span: Span): string {
  return bytes.toString('utf8', span.start, span.end)
}

/** The whole value in `bytes`, without the white space around it. */
export function wholeValue(bytes: Buffer): Span {
  const start = skipSpace(bytes, 0)
  return { start, end: skipValue(bytes, start) }
}

/** The key that lies from its quote on to one past its other one; its own bytes when it is no string of JSON. */
export function decodeKey(bytes: Buffer, start: number, end: number): string {
  const inner = bytes.toString('utf8', start + 1, end - 1)
  if (!inner.includes('\\')) return inner
  try {
    return JSON.parse(`"${inner}"`) as string
  } catch {
    return inner
  }
}

/** The members of the object at `span`, in order, duplicates included; none when it is not an object. */
export function members(bytes: Buffer, span: Span): Member[] {
  if (bytes[span.start] !== 0x7b) return []
  const found: Member[] = []
  let i = skipSpace(bytes, span.start + 1)
  while (bytes[i] === quote) {
    const keyEnd = skipString(bytes, i)
    const key = decodeKey(bytes, i, keyEnd)
    i = skipSpace(bytes, keyEnd)
    if (bytes[i] !== colon) throw new SyntaxError('expected `:`')
    const start = skipSpace(bytes, i + 1)
    const end = skipValue(bytes, start)
    found.push({ key, value: { start, end } })
    i = skipSpace(bytes, end)
    if (bytes[i] === comma) i = skipSpace(bytes, i + 1)
  }
  return found
}

/** The elements of the array at `span`; none when it is not an array. */
export function elements(bytes: Buffer, span: Span): Span[] {
  if (bytes[span.start] !== 0x5b) return []
  const found: Span[] = []
  let i = skipSpace(bytes, span.start + 1)
  while (i < span.end && bytes[i] !== 0x5d) {
    const end = skipValue(bytes, i)
    found.push({ start: i, end })
    i = skipSpace(bytes, end)
    if (bytes[i] === comma) i = skipSpace(bytes, i + 1)
  }
  return found
}

/** The value of the member `key` of the object at `span`, or null. */
export function member(bytes: Buffer, span: Span, key: string): Span | null {
  return members(bytes, span).find((candidate) => candidate.key === key)?.value ?? null
}

/** Every string inside `span`, keys included, as the span between its quotes. */
export function* strings(bytes: Buffer, span: Span): Generator<Span> {
  for (let i = bytes.indexOf(quote, span.start); i >= 0 && i < span.end; ) {
    const end = skipString(bytes, i)
    yield { start: i + 1, end: end - 1 }
    i = bytes.indexOf(quote, end)
  }
}

/** A change of bytes: what lies in `span` becomes `text`. */
export type Edit = { span: Span; text: string }

/** The bytes with the edits applied; edits must not overlap. */
export function splice(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = []
  let at = 0
  for (const { span, text } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    parts.push(bytes.subarray(at, span.start), Buffer.from(text))
    at = span.end
  }
  parts.push(bytes.subarray(at))
  return Buffer.concat(parts)
}
