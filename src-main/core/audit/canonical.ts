/**
 * Canonical JSON (RFC 8785): one text for one value, so that a hash over it means something. Fields whose value is
 * `undefined` are left out. One deliberate difference: text that is not valid Unicode is repaired (lone surrogates become
 * U+FFFD) where the RFC has it refused, because a record must be writable whatever name a hostile server gave its tool.
 * Throws `TypeError` for anything JSON cannot hold: bigints, NaN, functions, `undefined` in a list, class instances.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.toWellFormed())
    case 'boolean':
      return String(value)
    case 'number':
      if (Number.isFinite(value)) return JSON.stringify(value)
      break
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return list(value)
      if (isPlain(value)) return fields(value as Record<string, unknown>)
  }
  throw new TypeError(`canonical JSON cannot hold a ${describe(value)}`)
}

/** What `JSON.stringify` writes where canonical JSON is another: a lone surrogate, and nothing in place of a value. */
const suspicious = /\\ud|null/

/**
 * `canonicalJson` of an object whose fields are in order already, at the price of `JSON.stringify`. `nested` are its values
 * that are lists or objects. Whatever could come out differently is left to `canonicalJson`.
 */
export function orderedJson(object: object, nested: readonly unknown[]): string {
  if (nested.every(isOrdered)) {
    const text = JSON.stringify(object)
    if (!suspicious.test(text)) return text
  }
  return canonicalJson(object)
}

/** Whether a value holds nothing but text, true or false, numbers, and lists and plain objects of these, fields in order. */
function isOrdered(value: unknown): boolean {
  if (typeof value !== 'object')
    return typeof value !== 'bigint' && typeof value !== 'function' && typeof value !== 'symbol'
  if (value === null) return true
  if (Array.isArray(value)) return value.every((item) => item !== undefined && isOrdered(item))
  let last = ''
  for (const key in value) {
    if (key < last || !isOrdered((value as Record<string, unknown>)[key])) return false
    last = key
  }
  return isPlain(value)
}

function list(items: unknown[]): string {
  let text = '['
  // By index, so that a hole in the list is refused rather than skipped.
  for (let i = 0; i < items.length; i++) text += i === 0 ? canonicalJson(items[i]) : `,${canonicalJson(items[i])}`
  return `${text}]`
}

function fields(object: Record<string, unknown>): string {
  let text = '{'
  let last: string | undefined
  // The default sort compares UTF-16 code units, which is the order that the RFC asks for.
  for (const key of sortedKeys(object)) {
    const value = object[key]
    if (value === undefined) continue
    const name = nameOf(key)
    if (name === last) throw new TypeError('canonical JSON cannot hold two fields of one name')
    text += `${last === undefined ? '' : ','}${name}:${canonicalJson(value)}`
    last = name
  }
  return `${text}}`
}

/** Short names as they are written, remembered: records have few different ones, and each record has many of them. */
const names = new Map<string, string>()
const mostNames = 1000

function nameOf(key: string): string {
  const known = names.get(key)
  if (known !== undefined) return known
  const name = JSON.stringify(key.toWellFormed())
  if (key.length <= 64 && names.size < mostNames) names.set(key, name)
  return name
}

function sortedKeys(object: Record<string, unknown>): string[] {
  const keys = Object.keys(object).sort()
  if (keys.every(isWellFormed)) return keys
  // Repairing names can change their order and make two of them equal.
  return keys.sort((a, b) => (a.toWellFormed() < b.toWellFormed() ? -1 : 1))
}

function isWellFormed(key: string): boolean {
  return key.isWellFormed()
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function describe(value: unknown): string {
  return typeof value === 'object' ? (value?.constructor?.name ?? 'object') : `${typeof value} (${String(value)})`
}
