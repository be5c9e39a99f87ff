import type { ArgumentPart } from './argument-parts.ts'

/** A line in which something was found: where it is, and the line in pieces, of which the found ones are marked. */
export type FoundLine = { place: string; number: number; pieces: { text: string; found: boolean }[] }

/** Lines are given up to here; the count goes on. */
const mostLines = 200
/** What stands around the first hit in a very long line, in characters. */
const around = 160

/** Where a text occurs in what a person reads, whatever its case: the first lines of it, and how many there are. */
export function foundLines(texts: readonly { place: string; text: string }[], wanted: string) {
  const lines: FoundLine[] = []
  let count = 0
  if (wanted === '') return { lines, count }
  const pattern = new RegExp(wanted.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'giu')
  for (const { place, text } of texts) {
    for (const [at, line] of text.split(/\r?\n/).entries()) {
      const hits = [...line.matchAll(pattern)]
      const [first] = hits
      if (!first) continue
      count += hits.length
      if (lines.length < mostLines) lines.push({ place, number: at + 1, pieces: piecesOf(line, first.index, pattern) })
    }
  }
  return { lines, count }
}

function piecesOf(line: string, first: number, pattern: RegExp): FoundLine['pieces'] {
  const start = line.length > around * 2 ? Math.max(0, first - around) : 0
  const end = line.length > around * 2 ? first + around : line.length
  const shown = line.slice(start, end)
  const pieces: FoundLine['pieces'] = start > 0 ? [{ text: '… ', found: false }] : []
  let at = 0
  for (const { 0: hit, index } of shown.matchAll(pattern)) {
    if (index > at) pieces.push({ text: shown.slice(at, index), found: false })
    pieces.push({ text: hit, found: true })
    at = index + hit.length
  }
  const rest = shown.slice(at)
  if (rest !== '') pieces.push({ text: rest, found: false })
  if (end < line.length) pieces.push({ text: ' …', found: false })
  return pieces
}

/** What is read, as texts with their places: parts where they are shown, else the exact text. */
export function readTexts(parts: readonly ArgumentPart[] | null, exact: string): { place: string; text: string }[] {
  if (parts === null) return [{ place: 'as sent', text: exact }]
  return parts.flatMap((part) => {
    if (part.kind === 'json') return [{ place: part.name, text: part.json }]
    if (part.kind !== 'edits') return [{ place: part.name, text: part.text }]
    return part.edits.flatMap(({ before, after }) => [
      { place: `${part.name} (before)`, text: before },
      { place: `${part.name} (after)`, text: after },
    ])
  })
}
