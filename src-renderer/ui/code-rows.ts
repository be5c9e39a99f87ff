/** A part of a line of code; `look` is a class for its tint. */
export type CodePiece = { text: string; look?: string }
/** A line of code as it is; `depth` indents it. */
export type CodeLine = { pieces: readonly CodePiece[]; depth?: number }
/** A line, or a part of a very long one: `number` counts from 1 and is null where a line goes on. */
export type CodeRow = { number: number | null; depth: number; pieces: CodePiece[] }
/** Rows that are drawn together, and about how high they are, in pixels. */
export type CodeChunk = { rows: CodeRow[]; height: number }

/** A row and a chunk end here, so that what is drawn at once is little however long the text or its lines. */
const rowCharacters = 1_000
const rowPieces = 100
const chunkCharacters = 8_000
const chunkRows = 100

/** Guesses, for what has not been drawn: width of a row in characters, height of a line in pixels. */
const rowWidth = 60
const lineHeight = 20

/** All lines in chunks, nothing left out and in order. */
export function codeChunks(lines: readonly CodeLine[]): CodeChunk[] {
  const chunks: CodeChunk[] = []
  let room = { characters: 0, rows: 0 }
  for (const [at, line] of lines.entries()) {
    for (const row of rowsOf(line, at + 1)) {
      const length = row.pieces.reduce((sum, { text }) => sum + text.length, 0)
      if (room.rows === 0 || room.characters < length) {
        chunks.push({ rows: [], height: 0 })
        room = { characters: chunkCharacters, rows: chunkRows }
      }
      room = { characters: room.characters - length, rows: room.rows - 1 }
      const chunk = chunks.at(-1)
      chunk?.rows.push(row)
      if (chunk) chunk.height += lineHeight * Math.max(1, Math.ceil(length / rowWidth))
    }
  }
  return chunks
}

function rowsOf({ pieces, depth = 0 }: CodeLine, number: number): CodeRow[] {
  const first: CodeRow = { number, depth, pieces: [] }
  const rows = [first]
  let [row, left] = [first, rowCharacters]
  for (const piece of pieces) {
    for (let rest = piece.text; rest !== ''; ) {
      if (left <= 1 || row.pieces.length === rowPieces) {
        row = { number: null, depth, pieces: [] }
        left = rowCharacters
        rows.push(row)
      }
      const part = head(rest, left)
      row.pieces.push({ ...piece, text: part })
      left -= part.length
      rest = rest.slice(part.length)
    }
  }
  return rows
}

/** The beginning of a text, `most` long, which must be at least 2: a character of two halves stays whole. */
export function head(text: string, most: number): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most)
}
