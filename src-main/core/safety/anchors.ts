import { safetyRules } from './rules.ts'

/*
 * Most texts hold nothing that any rule looks for, and to search one with each pattern costs a pass for each. What every
 * match of a rule contains (its anchors) is looked for in one pass over the bytes instead: a table tells for two bytes whether an
 * anchor may begin with them, which few of a hundred do.
 */

/** An anchor, lower-case, `#` for any digit; `bit`: that of its rule. */
type Anchor = { codes: readonly number[]; bit: number }

const [hash, zero, nine] = [0x23, 0x30, 0x39]
/** Anchors by their first two bytes; place 0 is that of pairs that begin none. */
const groups: Anchor[][] = [[]]
const groupOf = new Uint16Array(0x1_0000)

for (const [index, { anchors }] of safetyRules.entries()) {
  for (const anchor of anchors) {
    const codes = Array.from(anchor, (character) => character.charCodeAt(0))
    for (const first of spellings(codes[0])) {
      for (const second of spellings(codes[1])) add((first << 8) | second, { codes, bit: 1 << index })
    }
  }
}

function add(pair: number, anchor: Anchor): void {
  if (groupOf[pair] === 0) groupOf[pair] = groups.push([]) - 1
  groups[groupOf[pair] as number]?.push(anchor)
}

/** The bytes that stand for a code of an anchor. */
function spellings(code = 0): number[] {
  if (code === hash) return Array.from({ length: 10 }, (_, digit) => zero + digit)
  return isLower(code) ? [code, code - 0x20] : [code]
}

/**
 * The rules of `safetyRules` that may match somewhere in a text, given as UTF-8: bit n is set for the n-th. A rule whose bit is not
 * set matches nowhere in this text. Case counts for nothing here, even for patterns that look at it.
 */
export function rulesThatMayMatch(text: Uint8Array): number {
  let found = 0
  let before = text[0] ?? 0
  for (let at = 1; at < text.length; at++) {
    const byte = text[at] as number
    const group = groupOf[(before << 8) | byte] as number
    if (group !== 0)
      for (const { codes, bit } of groups[group] as Anchor[]) {
        if ((found & bit) === 0 && goesOn(text, at + 1, codes)) found |= bit
      }
    before = byte
  }
  return found
}

/** Whether the third and all other codes of an anchor follow at `at`. */
function goesOn(text: Uint8Array, at: number, codes: readonly number[]): boolean {
  for (let index = 2; index < codes.length; index++) {
    const byte = text[at + index - 2] ?? 0
    const code = codes[index]
    if (code === hash ? byte < zero || byte > nine : lower(byte) !== code) return false
  }
  return true
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
}

function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a
}
