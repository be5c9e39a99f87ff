/** A key, string value or number of a JSON text: where it lies there (strings: between the quotes), and in the plain text. */
export type Scalar = {
  kind: 'key' | 'string' | 'number'
  start: number
  end: number
  plainStart: number
  plainEnd: number
}

/** One past the closing quote of the string that opens at `at`. */
export function stringEnd(text: string, at: number): number {
  for (let close = text.indexOf('"', at + 1); ; close = text.indexOf('"', close + 1)) {
    if (close < 0) throw new SyntaxError('unterminated string')
    let escapes = 0
    while (text[close - 1 - escapes] === '\\') escapes++
    if (escapes % 2 === 0) return close + 1
  }
}

const space = /\s/
const endOfNumber = /[^\d.eE+-]/g

function numberEnd(text: string, at: number): number {
  endOfNumber.lastIndex = at
  return endOfNumber.exec(text)?.index ?? text.length
}

function isKey(text: string, end: number): boolean {
  let at = end
  while (space.test(text[at] ?? '')) at++
  return text[at] === ':'
}

/**
 * A JSON text as a search should see it: without the white space between its parts and with every string unescaped, so that
 * a name still stands beside its value. `scalars` lead back to the original; what lies in `except` (offsets of values) is left out.
 */
export function plainJson(text: string, except: readonly { start: number; end: number }[]) {
  const scalars: Scalar[] = []
  const parts: string[] = []
  let length = 0
  const add = (part: string) => {
    parts.push(part)
    length += part.length
  }
  const scalar = (kind: Scalar['kind'], start: number, end: number, plain: string) => {
    scalars.push({ kind, start, end, plainStart: length, plainEnd: length + plain.length })
    add(plain)
  }
  const skips = except.toSorted((a, b) => a.start - b.start)
  let skip = 0
  for (let i = 0; i < text.length; ) {
    const char = text[i] as string
    if (i === skips[skip]?.start) {
      i = skips[skip++]?.end ?? i
    } else if (char === '"') {
      const end = stringEnd(text, i)
      const raw = text.slice(i + 1, end - 1)
      add('"')
      scalar(
        isKey(text, end) ? 'key' : 'string',
        i + 1,
        end - 1,
        raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw,
      )
      add('"')
      i = end
    } else if (char === '-' || (char >= '0' && char <= '9')) {
      const end = numberEnd(text, i)
      scalar('number', i, end, text.slice(i, end))
      i = end
    } else {
      if (!space.test(char)) add(char)
      i++
    }
  }
  return { plain: parts.join(''), scalars }
}
