import { closingQuote, colon, comma, decodeKey, isSpace, type Member, quote, type Span, skipSpace } from './spans.ts'
import { addKey, closeScope, createUniqueKeys, openScope, type UniqueKeys } from './unique-keys.ts'

/*
 * One walk over the bytes of a message, before it is read: what reading it will cost, so that nobody can hold up the calls of others with
 * one that is short and takes long (a MiB of new names takes 50 times as long as one of text), and where the parts lie that say what it is.
 */

/**
 * How much may be read and looked through for one message, in characters looked through once: 20 to 35 ms, by what they are. A MiB of
 * ordinary source text takes most of it.
 */
export const mostWork = 26_000_000

/** What reading costs, in the same unit. Bytes by themselves hardly do: 10 MiB of one text are read in as many ms. */
const perEscape = 10
const perString = 120
/** The reader keeps short strings once and looks each up among all that it has: known ones are found quickly. */
const perNewShortString = 350
const shortString = 10
/** A name that came before, and a new one, which the reader makes known to all its objects. */
const perKnownKey = 60
const perNewKey = 700
/** Each level that is open is kept. */
const perLevel = 110
const perDeepLevel = 170
const shallow = 64
const perNumber = 60
/** Whether a double holds a number is asked of those with an exponent or with as many digits. */
const perOddNumber = 1000
const mostDigits = 16
const perWord = 30

const backslash = 0x5c

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

/** Names and short strings that were seen lately, by hashes that only this process knows how to make, other ones for each message. */
const seen = new Uint32Array(4096)
let salt = Math.floor(Math.random() * 2 ** 32)
/** Of a longer name only its beginning is hashed, and it counts as a new one. */
const longestKnown = 64

/**
 * `work`: characters looked through once. `members`: those of the outermost object; `params`: those of its member of that name, `args`: those
 * of `arguments` in it, all in order, with those that are there twice; empty where there is no such object. `twice`: the first key that an object anywhere
 * in `params` holds twice, or null: two parsers could read such a value differently.
 */
export type Outline = { work: number; members: Member[]; params: Member[]; args: Member[]; twice: string | null }

type Walk = Outline & { bytes: Buffer; limit: number; keys: UniqueKeys | null }

/**
 * Walks until more work than `limit` is found. Of bytes that are no JSON it says nothing that means anything, and reading ends early there too.
 */
export function outlineOf(bytes: Buffer, limit = Number.POSITIVE_INFINITY): Outline {
  const walk = newWalk(bytes, limit)
  const start = skipSpace(bytes, 0)
  if (bytes[start] === openObject) walkObject(walk, start, 0)
  else walkValue(walk, start, 0, null)
  return walk
}

/** The first key that an object anywhere inside `span` holds twice, or null. Expects text that is JSON. */
export function duplicateKey(bytes: Buffer, span: Span): string | null {
  const walk = newWalk(bytes, Number.POSITIVE_INFINITY)
  walkValue(walk, span.start, 0, createUniqueKeys(bytes))
  return walk.twice
}

const openObject = 0x7b
const closeObject = 0x7d
const openList = 0x5b
const closeList = 0x5d

function newWalk(bytes: Buffer, limit: number): Walk {
  salt = (salt + 0x9e3779b9) >>> 0
  return { bytes, limit, work: 0, members: [], params: [], args: [], twice: null, keys: null }
}

/** Which members of which object have members of their own in the outline. */
const inside = ['params', 'arguments']

/** Walks the object that opens at `at`, `level` objects deep, noting its members; gives one past its end, or that of all bytes where it does not end. */
function walkObject(walk: Walk, at: number, level: number): number {
  const { bytes } = walk
  const into = [walk.members, walk.params, walk.args][level] as Member[]
  if (level === 1) walk.keys = createUniqueKeys(bytes)
  const keys = level > 0 ? walk.keys : null
  if (keys) openScope(keys, true)
  walk.work += perLevel
  let seenPart = false
  let i = skipSpace(bytes, at + 1)
  while (bytes[i] === quote && walk.work <= walk.limit) {
    const end = endOfString(walk, i)
    const mark = skipSpace(bytes, end)
    if (bytes[mark] !== colon) return bytes.length
    walkKey(walk, i, end, keys)
    const key = decodeKey(bytes, i, end)
    const start = skipSpace(bytes, mark + 1)
    // Of two that are there by mistake only the first is looked into.
    const isFirst: boolean = key === inside[level] && !seenPart
    seenPart ||= isFirst
    const unique = keys ?? (isFirst ? createUniqueKeys(bytes) : null)
    const isPart = isFirst && bytes[start] === openObject
    i = isPart ? walkObject(walk, start, level + 1) : walkValue(walk, start, level + 1, unique)
    into.push({ key, value: { start, end: i } })
    i = skipSpace(bytes, i)
    if (bytes[i] === comma) i = skipSpace(bytes, i + 1)
  }
  if (keys) closeScope(keys)
  return bytes[i] === closeObject ? i + 1 : bytes.length
}

/**
 * Walks a value inside of `depth` others; gives one past its end, or that of all bytes where it does not end. `keys`: where two of one object
 * are looked for.
 */
function walkValue(walk: Walk, at: number, depth: number, keys: UniqueKeys | null): number {
  const { bytes, limit } = walk
  let here = depth
  let digits = 0
  let last = comma
  let i = at
  while (i < bytes.length && walk.work <= limit) {
    const byte = bytes[i] as number
    if (byte === quote) {
      const end = endOfString(walk, i)
      const next = skipSpace(bytes, end)
      if (bytes[next] === colon) walkKey(walk, i, end, keys)
      else if (end - i <= shortString + 2 && !isKnown(hashOf(bytes, i + 1, end - 1))) walk.work += perNewShortString
      if (here === depth) return end
      i = next
      last = quote
      continue
    }
    if (byte === openObject || byte === openList) {
      here++
      walk.work += here > shallow ? perDeepLevel : perLevel
      if (keys) openScope(keys, byte === openObject)
    } else if (byte === closeObject || byte === closeList) {
      here--
      if (keys && here >= depth) closeScope(keys)
      if (here <= depth) return here === depth ? i + 1 : i
    } else if (here === depth && (byte === comma || isSpace(byte))) return i
    else if (before[last] === 1) walk.work += costs[byte] as number
    if (digits > 0 && (byte | 0x20) === 0x65) walk.work += perOddNumber
    digits = byte >= 0x30 && byte <= 0x39 ? digits + 1 : 0
    if (digits === mostDigits) walk.work += perOddNumber
    last = byte
    i++
  }
  return Math.min(i, bytes.length)
}

/** One past the string that opens at `start`. */
function endOfString(walk: Walk, start: number): number {
  const { bytes } = walk
  const close = closingQuote(bytes, start)
  const last = close < 0 ? bytes.length : close
  walk.work += perString + escapesIn(bytes, start + 1, last) * perEscape
  return Math.min(last + 1, bytes.length)
}

/** By each byte where there are any: to search for one after the other would cost more. */
function escapesIn(bytes: Buffer, start: number, end: number): number {
  if (end - start > longestKnown && !bytes.subarray(start, end).includes(backslash)) return 0
  let escapes = 0
  for (let at = start; at < end; at++) {
    if (bytes[at] !== backslash) continue
    escapes++
    at++
  }
  return escapes
}

/** Counts the key between two quotes, remembers it, and notes it when `keys` has it in its object already. */
function walkKey(walk: Walk, start: number, end: number, keys: UniqueKeys | null): void {
  const { bytes } = walk
  const hash = hashOf(bytes, start + 1, end - 1)
  const known = end - start <= longestKnown && isKnown(hash)
  walk.work += known ? perKnownKey : perNewKey
  if (keys && walk.twice === null && !addKey(keys, start, end, hash)) walk.twice = decodeKey(bytes, start, end)
}

/** Of a string by its bytes, of one with escapes by those of its text, so that the same text has the same hash. `decoded`: a backslash is only that. */
function hashOf(bytes: Buffer, start: number, end: number, decoded = false): number {
  let hash = salt
  const last = Math.min(end, start + longestKnown)
  for (let at = start; at < last; at++) {
    const byte = bytes[at] as number
    if (byte === backslash && !decoded) {
      const text = Buffer.from(decodeKey(bytes, start - 1, end + 1))
      return hashOf(text, 0, text.length, true)
    }
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  return hash >>> 0
}

/** Remembers the hash. */
function isKnown(hash: number): boolean {
  const place = hash % seen.length
  const known = seen[place] === hash
  seen[place] = hash
  return known
}
