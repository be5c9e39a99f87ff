import { decodeKey } from './spans.ts'

/**
 * The keys of all objects that are open, the innermost last, so that none is there twice: by their hashes, and where two of those are the
 * same by their texts. `begins` and `sets` have an entry for each object and list that is open.
 */
export type UniqueKeys = {
  bytes: Buffer
  hashes: number[]
  starts: number[]
  ends: number[]
  count: number
  /** Where the keys of an object begin; -1 for a list. */
  begins: number[]
  /** Of an object with many keys their hashes, or their texts once two hashes were the same. */
  sets: (Hashes | Texts | null)[]
}

type Hashes = { of: 'hashes'; known: Set<number> }
type Texts = { of: 'texts'; known: Set<string> }

/** So many keys are compared one by one faster than by a set of them. */
const few = 8

/** Nothing is open yet. */
export function createUniqueKeys(bytes: Buffer): UniqueKeys {
  return { bytes, hashes: [], starts: [], ends: [], count: 0, begins: [], sets: [] }
}

/** An object opens, or a list. */
export function openScope({ begins, sets, count }: UniqueKeys, isObject: boolean): void {
  begins.push(isObject ? count : -1)
  sets.push(null)
}

/** The innermost of those that are open ends. */
export function closeScope(keys: UniqueKeys): void {
  const begin = keys.begins.pop() ?? -1
  keys.sets.pop()
  if (begin >= 0) keys.count = begin
}

/** Adds a key (from its quote to one past the other one) to the innermost object; false when it was there. Equal texts must have equal hashes. */
export function addKey(keys: UniqueKeys, start: number, end: number, hash: number): boolean {
  const at = keys.begins.length - 1
  const begin = keys.begins[at] ?? -1
  if (begin < 0) return true
  const { hashes, starts, ends, count } = keys
  const set = keys.sets[at] ?? null
  if (set?.of === 'texts') return addText(set, decodeKey(keys.bytes, start, end))
  if (set ? set.known.has(hash) : isAmong(hashes, begin, count, hash)) {
    const texts: Texts = { of: 'texts', known: new Set() }
    for (let i = begin; i < count; i++) texts.known.add(decodeKey(keys.bytes, starts[i] as number, ends[i] as number))
    keys.sets[at] = texts
    return addText(texts, decodeKey(keys.bytes, start, end))
  }
  hashes[count] = hash
  starts[count] = start
  ends[count] = end
  keys.count++
  if (set) set.known.add(hash)
  else if (count - begin >= few) keys.sets[at] = { of: 'hashes', known: new Set(hashes.slice(begin, count + 1)) }
  return true
}

function addText({ known }: Texts, text: string): boolean {
  if (known.has(text)) return false
  known.add(text)
  return true
}

function isAmong(hashes: readonly number[], begin: number, end: number, hash: number): boolean {
  for (let i = begin; i < end; i++) if (hashes[i] === hash) return true
  return false
}
