import type { TextEdit } from '../json/text.ts'
import type { FieldNames } from './field-names.ts'
import type { Masked } from './mask-fields.ts'
import { maskTables } from './mask-tables.ts'

/** After a name: what may close it, then what leads to its value. */
const leads = /(["'`*_\\\])}]{0,6})\s{0,8}(:=|=>|->|[:=])[ \t]*/y
const blank = /\s*/y
const constant = /(?:-?\d[\d.eE+_-]*|true|false|null|none|nan)(?=\s*(?:[,}\])\n;]|$))/iy
const prefixed = /[bBuUrRfF]{0,2}(?="""|'''|["'`])/y

/**
 * Masks what follows a field's name in a text that is no JSON: the values below its heading in a table, what stands between its tags,
 * and what follows `name:` or `name=`. How far a value reaches is only known where it is quoted or in brackets; else all of its line is
 * masked, and lines below that belong to it.
 */
export function maskPlainText(text: string, fields: FieldNames): Masked {
  const masked: Masked = { edits: [], counts: new Map() }
  const mentions = fields.mentions(text)
  if (mentions.length === 0) return masked
  const found = maskTables(text, mentions, fields)
  let covered = 0
  for (const mention of mentions) {
    // What is masked anyway is not looked into, so that each text is read a bounded number of times.
    const value = mention.start < covered ? null : valueAfter(text, mention.start, mention.end)
    if (!value || value.end <= value.start) continue
    found.push({ field: mention.field, ...value })
    covered = value.end
  }
  let end = 0
  for (const span of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    // A value may hold what looks like another: then the outer one hides both, as far as the further of the two reaches.
    if (span.start < end) {
      const last = masked.edits.at(-1) as TextEdit
      last.end = Math.max(last.end, span.end)
    } else masked.edits.push({ start: span.start, end: span.end, text: '[masked]' })
    end = Math.max(end, span.end)
    masked.counts.set(span.field, (masked.counts.get(span.field) ?? 0) + 1)
  }
  return masked
}

type Value = { start: number; end: number }

/** Where the value lies that belongs to the name between `start` and `end`; null when it is only a word. */
function valueAfter(text: string, start: number, end: number): Value | null {
  const tagged = betweenTags(text, start, end)
  if (tagged) return tagged
  leads.lastIndex = end
  const lead = leads.exec(text)
  if (!lead) return null
  const quoted = /["'`]/.test(text[start - 1] ?? '') && /["'`]/.test(lead[1] ?? '')
  blank.lastIndex = end + lead[0].length
  const at = quoted ? end + lead[0].length + (blank.exec(text)?.[0].length ?? 0) : end + lead[0].length
  const exact = exactValue(text, at, quoted || lead[2] === '=')
  if (exact && (quoted || lead[2] === '=' || endsLine(text, exact.end))) return exact
  if (quoted) return { start: at, end: itemEnd(text, at) }
  return { start: at, end: blockEnd(text, start, exact?.end ?? at, exact === null) }
}

/** `<name …>value</name>`; without its end tag, everything that follows. */
function betweenTags(text: string, start: number, end: number): Value | null {
  if (!/<(?:[\w-]{1,40}:)?$/.test(text.slice(Math.max(0, start - 42), start))) return null
  const close = text.indexOf('>', end)
  if (close < 0) return { start: end, end: text.length }
  // Attributes are names with values of their own.
  if (text[close - 1] === '/') return null
  return { start: close + 1, end: endTag(text, close, text.slice(start, end).toLowerCase()) }
}

/** Where the end tag of `name` begins; the end of the text when there is none. */
function endTag(text: string, from: number, name: string): number {
  for (let at = text.indexOf('</', from); at >= 0; at = text.indexOf('</', at + 2)) {
    const tag = /^[^\s>]*/.exec(text.slice(at + 2, at + 2 + name.length + 41))?.[0].toLowerCase()
    if (tag === name || tag?.endsWith(`:${name}`)) return at
  }
  return text.length
}

/** A value whose end can be seen: in quotes (then what is between them), in brackets, or a constant. */
function exactValue(text: string, at: number, mayBeConstant: boolean): Value | null {
  prefixed.lastIndex = at
  const open = at + (prefixed.exec(text)?.[0].length ?? 0)
  const triple = text.slice(open, open + 3)
  if (triple === '"""' || triple === "'''") {
    const close = text.indexOf(triple, open + 3)
    return { start: open + 3, end: close < 0 ? text.length : close }
  }
  const char = text[open] ?? ''
  if ('"\'`'.includes(char) && char !== '') return { start: open + 1, end: closing(text, open) }
  if ('{[('.includes(char) && char !== '') return { start: open, end: bracketEnd(text, open) }
  constant.lastIndex = at
  const found = mayBeConstant ? constant.exec(text) : null
  return found ? { start: at, end: at + found[0].length } : null
}

/** Where the string that opens at `open` closes; one that does not reaches to the end. */
function closing(text: string, open: number): number {
  const quote = text[open]
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === quote && text[i + 1] === quote) i++
    else if (text[i] === quote) return i
  }
  return text.length
}

/** One past the bracket that closes the one at `open`; text in quotes does not count. */
function bracketEnd(text: string, open: number): number {
  let depth = 0
  for (let i = open; i < text.length; i++) {
    const char = text[i] as string
    if ('"\'`'.includes(char)) i = closing(text, i)
    else if ('{[('.includes(char)) depth++
    else if ('}])'.includes(char) && --depth === 0) return i + 1
  }
  return text.length
}

/** Where an item of a list in brackets ends that is no text: at the next comma or closing bracket of its own level. */
function itemEnd(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const char = text[i] as string
    if ('"\'`'.includes(char)) i = closing(text, i)
    else if ('{[('.includes(char)) i = bracketEnd(text, i) - 1
    else if (',}])\n'.includes(char)) return i
  }
  return text.length
}

function endsLine(text: string, at: number): boolean {
  return /^["'`]{0,3}[ \t]*[,;]?[ \t]*(?:\r?\n|$)/.test(text.slice(at, at + 200))
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

/**
 * The end of the line at `at`, and of the lines below that are indented further than the line of `start` or items of a list; where the
 * line holds no value, of the next line too.
 */
function blockEnd(text: string, start: number, at: number, mayBeEmpty: boolean): number {
  const indent = indentOf(text, text.lastIndexOf('\n', start - 1) + 1)
  let end = lineEnd(text, at)
  let awaited = mayBeEmpty && /^[|>\s+-]*$/.test(text.slice(at, end))
  for (let next = end + 1; next < text.length; ) {
    const until = lineEnd(text, next)
    const line = text.slice(next, until)
    if (line.trim() !== '') {
      if (!awaited && indentOf(text, next) <= indent && !/^\s*-\s/.test(line)) break
      awaited = false
      end = until
    }
    next = until + 1
  }
  return end
}

function indentOf(text: string, lineStart: number): number {
  let at = lineStart
  while (text[at] === ' ' || text[at] === '\t') at++
  return at - lineStart
}
