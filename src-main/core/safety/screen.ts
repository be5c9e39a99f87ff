import { ToolgateError } from '../../../shared/errors.ts'
import type { Span } from '../json/spans.ts'
import { rulesThatMayMatch } from './anchors.ts'
import { plainJson, type Scalar } from './plain-json.ts'
import { type Finding, holdsFinding, maskText, mergeFindings, scanText } from './scan.ts'

/** A line after screening: its own bytes when clean, else with the findings masked inside the strings and numbers that held them. */
export type Screened = { line: Buffer; findings: Finding[] }

/** Longest text that is scanned, in bytes: a longer one would hold up everybody else for too long. */
export const maxScannedBytes = 16 * 1024 * 1024

const backslash = 0x5c

/** Escapes that hide from a search through the raw text: of printable characters, and of escapes. */
const hidden = /\\u00|\\\/|\\\\[bfnrt]/
/** A value so far from its name that no pattern spans the gap. */
const apart = /\s{5}:|:\s{5}/
/** Texts with more colons than this are searched with the pattern instead. */
const manyColons = 50_000
/** Escapes of white space, quotes and backslashes: to a search they are gaps between words. */
const gaps = /\\["\\bfnrt]/g

/**
 * Scans what lies inside `span` of a JSON line, but for `except`, and masks what it finds: inside strings, and a number by
 * becoming a string; all other bytes stay as they are. The raw text is searched first, so that a clean line costs one pass;
 * only a hit or hiding escapes make it look at the values one by one. Throws MESSAGE_TOO_LARGE for what is too long to scan.
 */
export function screenJson(line: Buffer, span: Span, except: readonly Span[] = []): Screened {
  if (span.end - span.start > maxScannedBytes) throw new ToolgateError('MESSAGE_TOO_LARGE', 'it is too long to scan')
  const inside = line.subarray(span.start, span.end)
  if (isPlainlyClean(inside)) return { line, findings: [] }
  const text = inside.toString()
  const { plain, scalars } = plainJson(
    text,
    except.map((one) => inText(line, span, one)),
  )
  const findings = findInText(plain)
  if (findings.length === 0) return { line, findings }
  const masked = Buffer.from(maskScalars(text, plain, scalars, findings))
  return { line: Buffer.concat([line.subarray(0, span.start), masked, line.subarray(span.end)]), findings }
}

/**
 * What a JSON text holds, as whoever reads it sees it: a search through the text itself passes over all that escapes and white space
 * keep apart. The same that `screenJson` would mask; offsets count in the text that was searched, and lead nowhere.
 */
export function findInJson(json: string): Finding[] {
  return isPlainlyClean(Buffer.from(json)) ? [] : findInText(plainJson(json, []).plain)
}

/**
 * Whether looking through a JSON text once shows that screening it would find nothing; when not, nobody knows yet. What a match
 * must contain stands in the text as it is, unless an escape hides it: to unescape or to leave out white space adds none.
 */
export function isPlainlyClean(json: Buffer): boolean {
  const rules = rulesThatMayMatch(json)
  const escapes = json.includes(backslash)
  if (rules === 0 && !escapes) return true
  const text = json.toString()
  if (escapes && hidden.test(text)) return false
  if (rules === 0) return true
  return !standsApart(text) && !holdsFinding(escapes ? text.replaceAll(gaps, '  ') : text, rules)
}

/** Whether a value stands far from its name. From colon to colon: a pattern that begins with a space tries everywhere. */
function standsApart(text: string): boolean {
  let colons = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    if (++colons > manyColons) return apart.test(text)
    if (maySpace(text.charCodeAt(at - 1)) || maySpace(text.charCodeAt(at + 1))) {
      if (apart.test(text.slice(Math.max(at - 5, 0), at + 6))) return true
    }
  }
  return false
}

function maySpace(code: number): boolean {
  return code <= 0x20 || code >= 0xa0
}

/** Offsets in the text of `span` for the byte offsets of `inner`. */
function inText(line: Buffer, span: Span, inner: Span): Span {
  const start = line.toString('utf8', span.start, inner.start).length
  return { start, end: start + line.toString('utf8', inner.start, inner.end).length }
}

/**
 * What a text holds that is itself no JSON but may have some in it: there escapes are gaps too, or the backslash is only a
 * character.
 */
export function findInText(text: string): Finding[] {
  if (!text.includes('\\')) return scanText(text)
  const asGaps = text.replaceAll(gaps, '  ')
  const asCharacters = text.replaceAll('\\"', '  ').replaceAll('\\', ' ')
  return mergeFindings([text, asGaps, asCharacters].flatMap(scanText))
}

/** The text with every scalar that a finding touches masked there. A name whose value is the finding keeps its words. */
function maskScalars(text: string, plain: string, scalars: readonly Scalar[], findings: readonly Finding[]): string {
  const parts: string[] = []
  let at = 0
  let first = 0
  for (const { kind, start, end, plainStart, plainEnd } of scalars) {
    while ((findings[first]?.end ?? Number.POSITIVE_INFINITY) <= plainStart) first++
    const own: Finding[] = []
    for (let i = first; (findings[i]?.start ?? Number.POSITIVE_INFINITY) < plainEnd; i++) {
      const { rule, ...finding } = findings[i] as Finding
      if (kind === 'key' && finding.start >= plainStart && finding.end > plainEnd) continue
      own.push({
        rule,
        start: Math.max(finding.start, plainStart) - plainStart,
        end: Math.min(finding.end, plainEnd) - plainStart,
      })
    }
    if (own.length === 0) continue
    const masked = kind === 'number' ? `[masked: ${own[0]?.rule}]` : maskText(plain.slice(plainStart, plainEnd), own)
    const written = JSON.stringify(masked)
    parts.push(text.slice(at, start), kind === 'number' ? written : written.slice(1, -1))
    at = end
  }
  return parts.join('') + text.slice(at)
}
