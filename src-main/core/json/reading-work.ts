import { closingQuote, colon, quote, skipSpace } from './spans.ts'

/*
 * What reading a message costs, counted before it is read, so that nobody can hold up the calls of others with one that is short
 * and takes long: a MiB of new names takes 50 times as long as one of text.
 */

const backslash = 0x5c

/**
 * How much may be read and looked through for one message, in characters looked through once: 20 to 45 ms, by what they are. A MiB of
 * ordinary source text takes most of it.
 */
export const mostWork = 26_000_000

/** What reading costs, in the same unit. Bytes by themselves hardly do: 10 MiB of one text are read in as many ms. */
const perEscape = 10
const perString = 120
/** A name that came before, and a new one, which the reader makes known to all its objects. */
const perKnownKey = 60
const perNewKey = 700
/** Each level that is open is kept. */
const perLevel = 110
const perDeepLevel = 170
const shallow = 64
const perNumber = 60
/** Whether a double holds a number is asked of those with an exponent or with as many digits. */
const perOddNumber = 450
const mostDigits = 16
const perWord = 30

/** What a byte outside of strings costs where a value begins with it. */
const costs = new Uint8Array(256)
for (const [marks, cost] of [
  ['[{', perLevel],
  ['-0123456789', perNumber],
  ['tfn', perWord],
] as const) {
  for (const mark of marks) costs[mark.charCodeAt(0)] = cost
}
/** The bytes that a value may begin behind. */
const before = new Uint8Array(256)
for (const mark of ':,[ \t\n') before[mark.charCodeAt(0)] = 1

/** Names that were seen lately, by hashes that only this process knows how to make. */
const places = 4_096
const seed = Math.floor(Math.random() * 2 ** 32)
/** A longer name counts as a new one. */
const longestKnown = 64

/** Work in characters looked through once; whether the outermost object has a `method`, which asks or tells something. */
export type ReadingWork = { work: number; asks: boolean }

/** Counts until more than `limit` is found. Of bytes that are no JSON the count means nothing, and reading ends early there. */
export function readingWork(bytes: Buffer, limit = Number.POSITIVE_INFINITY): ReadingWork {
  const seen = new Uint32Array(places)
  const found = { work: 0, asks: false }
  let depth = 0
  let digits = 0
  let last = 0x2c
  for (let at = 0; at < bytes.length && found.work <= limit; ) {
    const byte = bytes[at] as number
    if (byte === quote) {
      const text = stringAt(bytes, at)
      found.work += perString + text.escapes * perEscape
      if (bytes[skipSpace(bytes, text.end)] === colon) {
        found.work += isKnown(seen, text) ? perKnownKey : perNewKey
        found.asks ||= depth === 1 && mayBeMethod(bytes, text)
      }
      at = text.end
      last = quote
      continue
    }
    if (byte === 0x5b || byte === 0x7b) {
      depth++
      found.work += depth > shallow ? perDeepLevel : perLevel
    } else if (byte === 0x5d || byte === 0x7d) depth--
    else if (before[last] === 1) found.work += costs[byte] as number
    digits = byte >= 0x30 && byte <= 0x39 ? digits + 1 : 0
    if (digits === mostDigits || (byte | 0x20) === 0x65) found.work += perOddNumber
    last = byte
    at++
  }
  return found
}

type Text = { start: number; end: number; escapes: number; hash: number }

/** The string that opens at `start`, to one past its end. What is too long to be a known name is searched, not walked. */
function stringAt(bytes: Buffer, start: number): Text {
  const close = closingQuote(bytes, start)
  const last = close < 0 ? bytes.length : close
  const end = Math.min(last + 1, bytes.length)
  if (end - start > longestKnown) return { start, end, escapes: escapesIn(bytes, start, last), hash: 0 }
  let escapes = 0
  let hash = seed
  for (let at = start + 1; at < last; at++) {
    const byte = bytes[at] as number
    hash = Math.imul(hash ^ byte, 0x01000193)
    if (byte === backslash) {
      escapes++
      at++
    }
  }
  return { start, end, escapes, hash: hash >>> 0 }
}

/** By each byte where there are any: to search for one after the other would cost more. */
function escapesIn(bytes: Buffer, start: number, end: number): number {
  if (!bytes.subarray(start, end).includes(backslash)) return 0
  let escapes = 0
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] !== backslash) continue
    escapes++
    at++
  }
  return escapes
}

/** Remembers the name. */
function isKnown(seen: Uint32Array, { start, end, hash }: Text): boolean {
  if (end - start > longestKnown) return false
  const place = hash % places
  const known = seen[place] === hash
  seen[place] = hash
  return known
}

/** One with escapes may be anything, and nobody writes one so. */
function mayBeMethod(bytes: Buffer, { start, end, escapes }: Text): boolean {
  return escapes > 0 || (end - start === 8 && /^method$/i.test(bytes.toString('latin1', start + 1, end - 1)))
}
