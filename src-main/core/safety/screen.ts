import { type Edit, type Span, splice, strings } from '../json/spans.ts'
import { type Finding, maskText, scanText } from './scan.ts'

/** A line after screening: its own bytes when clean, else with the findings masked inside the JSON strings that held them. */
export type Screened = { line: Buffer; findings: Finding[] }

/** Escapes that hide a printable character from a search through the raw text. */
const hidden = /\\u00|\\\//
/** Escapes of white space, quotes and backslashes: to a search they are gaps between words. */
const gaps = /\\["\\bfnrt]/g

/**
 * Scans the strings inside `span` of a JSON line and masks what it finds; all other bytes stay as they are. The raw text is
 * searched first, so that a clean line costs one pass; only a hit or hiding escapes make it decode string by string.
 */
export function screenJson(line: Buffer, span: Span): Screened {
  const text = line.toString('utf8', span.start, span.end)
  const escapes = text.includes('\\')
  const hides = escapes && hidden.test(text)
  if (!hides && scanText(escapes ? text.replaceAll(gaps, '  ') : text).length === 0) return { line, findings: [] }
  const findings: Finding[] = []
  const edits: Edit[] = []
  for (const inner of strings(line, span)) {
    if (inner.end - inner.start < 8) continue
    const raw = line.toString('utf8', inner.start, inner.end)
    const value = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
    const found = scanText(value)
    if (found.length === 0) continue
    findings.push(...found)
    edits.push({ span: inner, text: JSON.stringify(maskText(value, found)).slice(1, -1) })
  }
  return { line: edits.length > 0 ? splice(line, edits) : line, findings }
}
