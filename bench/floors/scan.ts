import { patterns } from './patterns.ts'

/** How far around a literal its expression is tried. */
const reach = 256

const lower = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte))
const slot = (a: number, b: number, c: number) => ((a << 10) ^ (b << 5) ^ c) & 0xffff

type Literal = { pattern: number; bytes: Buffer }

const known = new Uint8Array(65_536)
const literals = new Map<number, Literal[]>()
/** Patterns whose literal is too short to look up. */
const always: number[] = []

patterns.forEach(({ literals: texts }, pattern) => {
  for (const text of texts) {
    const bytes = Buffer.from(text.toLowerCase())
    const [a, b, c] = bytes
    if (a === undefined || b === undefined || c === undefined) always.push(pattern)
    else {
      const key = slot(a, b, c)
      known[key] = 1
      literals.set(key, [...(literals.get(key) ?? []), { pattern, bytes }])
    }
  }
})

/** How many kinds of secret a text holds: one pass over its bytes for literals, then expressions only around those found. */
export function countSecrets(text: string): number {
  const bytes = Buffer.from(text)
  let found = 0
  for (const [pattern, [from, to]] of placesOf(bytes)) {
    const whole = from <= reach && to + reach >= bytes.length
    if (matches(pattern, whole ? text : bytes.toString('utf8', Math.max(0, from - reach), to + reach))) found++
  }
  for (const pattern of always) if (matches(pattern, text)) found++
  return found
}

/** The first and last place of each pattern's literals. */
function placesOf(bytes: Buffer): Map<number, [number, number]> {
  const places = new Map<number, [number, number]>()
  let [a, b, c] = [0, 0, 0]
  for (let index = 0; index < bytes.length; index++) {
    a = b
    b = c
    c = lower[bytes[index] ?? 0] ?? 0
    if (index < 2 || known[slot(a, b, c)] === 0) continue
    for (const literal of literals.get(slot(a, b, c)) ?? []) {
      const at = index - 2
      if (!standsAt(bytes, at, literal.bytes)) continue
      const place = places.get(literal.pattern)
      if (place) place[1] = at
      else places.set(literal.pattern, [at, at])
    }
  }
  return places
}

function standsAt(bytes: Buffer, at: number, literal: Buffer): boolean {
  if (at + literal.length > bytes.length) return false
  for (let index = 0; index < literal.length; index++) {
    if (lower[bytes[at + index] ?? 0] !== literal[index]) return false
  }
  return true
}

function matches(pattern: number, text: string): boolean {
  const expression = patterns[pattern]?.expression
  if (!expression) return false
  expression.lastIndex = 0
  return expression.test(text)
}
