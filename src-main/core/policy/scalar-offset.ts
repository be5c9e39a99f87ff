import type { Scalar } from 'yaml'

/**
 * Where in the file the character `index` of a YAML text stands. The text that a condition is made of may be quoted, folded
 * over lines or indented in a block, and an error in it must still point at the right character (YAML 1.2, chapters 7 and 8).
 */
export function offsetInScalar(file: string, scalar: Scalar<string>, index: number): number {
  const [start, end] = scalar.range ?? [0, 0]
  const value = String(scalar.value)
  const isBlock = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED'
  const cursor = isBlock
    ? blockCursor(file, start, scalar.type === 'BLOCK_FOLDED', value)
    : flowCursor(file, start, scalar.type, value)
  let at = cursor.first
  for (let i = 0; i < index && i < value.length; i++) at = cursor.after(at, i)
  return Math.min(at, end)
}

/** `first`: offset of the first character; `after(at, i)`: offset of the character after `i`, which stands at `at`. */
type Cursor = { first: number; after: (at: number, i: number) => number }

function blockCursor(file: string, start: number, folded: boolean, value: string): Cursor {
  const contentOfLine = (lineStart: number, i: number) => {
    const indented = spacesAt(file, lineStart)
    return lineStart + Math.max(0, indented - spacesAt(value, i))
  }
  const header = file.indexOf('\n', start)
  return {
    first: contentOfLine(header + 1, 0),
    after: (at, i) => {
      if (lineBreakAt(file, at) === 0) return at + 1
      // Folding turns n + 1 line breaks into n: all of them stand where the first one does.
      if (folded && value[i + 1] === '\n') return at
      let line = at + lineBreakAt(file, at)
      while (folded && lineBreakAt(file, line + spacesAt(file, line)) > 0) {
        line += spacesAt(file, line)
        line += lineBreakAt(file, line)
      }
      return contentOfLine(line, i + 1)
    },
  }
}

function flowCursor(file: string, start: number, type: string | undefined, value: string): Cursor {
  const double = type === 'QUOTE_DOUBLE'
  const single = type === 'QUOTE_SINGLE'
  // In double quotes a backslash at the end of a line joins the lines and stands for nothing.
  const skipJoin = (at: number) =>
    double ? at + (/^(\\\r?\n[ \t]*)+/.exec(file.slice(at, at + 400))?.[0].length ?? 0) : at
  return {
    first: skipJoin(double || single ? start + 1 : start),
    after: (at, i) => {
      const fold = /^[ \t]*(\r?\n[ \t]*)+/.exec(file.slice(at, at + 400))?.[0].length ?? 0
      if (fold > 0 && /[ \n]/.test(value[i] ?? '')) return value[i + 1] === '\n' ? at : skipJoin(at + fold)
      if (double && file[at] === '\\') return skipJoin(at + escapeLength(file[at + 1]))
      if (single && file[at] === "'") return at + 2
      return skipJoin(at + 1)
    },
  }
}

function escapeLength(letter: string | undefined): number {
  return letter === 'x' ? 4 : letter === 'u' ? 6 : letter === 'U' ? 10 : 2
}

function spacesAt(text: string, at: number): number {
  let count = 0
  while (text[at + count] === ' ') count++
  return count
}

function lineBreakAt(text: string, at: number): number {
  return text.startsWith('\r\n', at) ? 2 : text[at] === '\n' ? 1 : 0
}
