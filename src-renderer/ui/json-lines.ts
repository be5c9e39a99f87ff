/** What a piece of JSON text is, for its tint. */
export type JsonKind = 'key' | 'text' | 'number' | 'word' | 'mark'
export type JsonPiece = { kind: JsonKind; text: string }
/** One line of indented JSON; `depth` counts from 0. */
export type JsonLine = { depth: number; pieces: JsonPiece[] }

const token = /\s*(?:("(?:[^"\\]|\\[\s\S])*")|(-?\d[\d.eE+-]*)|(true|false|null)|([{}[\],:]))/y

/**
 * JSON text as indented lines, every string and number exactly as it was written: nothing is parsed into values, so that a
 * big number or an escape is never shown as something else. Null when the text is not JSON.
 */
export function jsonLines(text: string): JsonLine[] | null {
  if (!isJson(text)) return null
  const lines: JsonLine[] = [{ depth: 0, pieces: [] }]
  let depth = 0
  const add = (kind: JsonKind, piece: string) => lines.at(-1)?.pieces.push({ kind, text: piece })
  const breakLine = () => lines.push({ depth, pieces: [] })
  const tokens = readTokens(text)
  for (const [at, { kind, text: piece }] of tokens.entries()) {
    const next = tokens[at + 1]?.text
    if (piece === '{' || piece === '[') {
      add('mark', piece)
      depth += 1
      if (next !== '}' && next !== ']') breakLine()
    } else if (piece === '}' || piece === ']') {
      depth -= 1
      const before = tokens[at - 1]?.text
      if (before !== '{' && before !== '[') breakLine()
      add('mark', piece)
    } else if (kind === 'mark') {
      add('mark', piece === ':' ? ': ' : piece)
      if (piece === ',') breakLine()
    } else add(kind === 'text' && next === ':' ? 'key' : kind, piece)
  }
  return lines
}

function readTokens(text: string): JsonPiece[] {
  const pieces: JsonPiece[] = []
  token.lastIndex = 0
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [, string, number, word, mark] = match
    if (string !== undefined) pieces.push({ kind: 'text', text: string })
    else if (number !== undefined) pieces.push({ kind: 'number', text: number })
    else if (word !== undefined) pieces.push({ kind: 'word', text: word })
    else if (mark !== undefined) pieces.push({ kind: 'mark', text: mark })
  }
  return pieces
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
