import { flowPlace } from './flow-place.ts'

/** Where in a YAML file somebody writes: keys of maps from the outside in, `*` for an item of a list. */
export type YamlPath = readonly string[]

/** What is being written: the key of a map or a value, from which offset on, and the keys that its map has already. */
export type YamlPlace = { kind: 'key' | 'value'; path: YamlPath; from: number; beside: readonly string[] }

/** A line as what it opens: items (`*`) and at most one key, each with its column; then the rest of it, and where that begins. */
type Line = { opens: { column: number; step: string }[]; hasKey: boolean; rest: string; column: number }

/** No file that is written by hand has more: what is further up is not looked at. */
const mostLines = 20_000

/**
 * Where the cursor is, from indentation, so that it works in a file that is not YAML yet. Null in comments, in texts of several
 * lines, and where it cannot be told.
 */
export function yamlPlace(text: string, offset: number): YamlPlace | null {
  const above = text.slice(0, offset).split('\n')
  const current = above.pop() ?? ''
  if (above.length >= mostLines || /(^|\s)#/.test(withoutTexts(current))) return null
  const line = readLine(current)
  const outer = outerPath(above, line.opens[0]?.column ?? line.column, line.opens[0]?.step === '*')
  if (outer === null) return null
  const path = [...outer, ...line.opens.map(({ step }) => step)]
  const from = offset - current.length + line.column
  const flow = flowPlace(line.rest)
  if (flow) return { kind: flow.kind, path: [...path, ...flow.path], from: from + flow.at, beside: flow.keys }
  if (line.hasKey) return { kind: 'value', path, from, beside: [] }
  // The first key of an item has nothing of its map above it.
  const before = line.opens.length > 0 ? [] : keysFrom(above.toReversed(), line.column)
  return {
    kind: 'key',
    path,
    from,
    beside: [...before, ...keysFrom(linesBelow(text, offset, line.column), line.column)],
  }
}

function readLine(text: string): Line {
  const opens: Line['opens'] = []
  let column = /^ */.exec(text)?.[0].length ?? 0
  for (let dash = dashAt(text, column); dash > 0; dash = dashAt(text, column)) {
    opens.push({ column, step: '*' })
    column += dash
  }
  const named = /^("[^"]*"|'[^']*'|[^\s#'"{}[\],&*!|>-][^:#]*?)\s*:(\s+|$)/.exec(text.slice(column))
  if (!named) return { opens, hasKey: false, rest: text.slice(column), column }
  const [whole, key = ''] = named
  opens.push({ column, step: key.replace(/^(["'])(.*)\1$/, '$2') })
  return { opens, hasKey: true, rest: text.slice(column + whole.length), column: column + whole.length }
}

/** Length of a dash and the blanks behind it; 0 when there is none. */
function dashAt(text: string, column: number): number {
  return /^-( +|$)/.exec(text.slice(column))?.[0].length ?? 0
}

/** The keys and items that what begins at `column` lies in, an item or not; null when that is a text of several lines. */
function outerPath(above: readonly string[], column: number, isItem: boolean): string[] | null {
  const path: string[] = []
  let within = column
  // A list may stand as deep as the key that it belongs to.
  let item = isItem
  for (const text of above.toReversed()) {
    if (isBlank(text)) continue
    const line = readLine(text)
    for (const { column: at, step } of line.opens.toReversed()) {
      const itsKey = item && step !== '*' && at === within
      if (at >= within && !itsKey) continue
      if (step !== '*' && /^[|>][-+\d]*\s*$/.test(line.rest)) return null
      path.unshift(step)
      within = at
      item = step === '*'
    }
  }
  return path
}

/** The keys of the map that a new key at `column` belongs to, in the lines nearest to it first, up to where that map ends. */
function keysFrom(lines: Iterable<string>, column: number): string[] {
  const keys: string[] = []
  for (const text of lines) {
    if (isBlank(text)) continue
    const { opens } = readLine(text)
    const own = opens.find(({ column: at, step }) => at === column && step !== '*')
    if (own) keys.push(own.step)
    if ((opens[0]?.column ?? 0) < column) break
  }
  return keys
}

/** Likewise below; there, the next item of a list is another map. */
function linesBelow(text: string, offset: number, column: number): string[] {
  const end = text.indexOf('\n', offset)
  const lines = end < 0 ? [] : text.slice(end + 1).split('\n')
  const stop = lines.findIndex((each) => !isBlank(each) && (readLine(each).opens[0]?.column ?? 0) < column)
  return stop < 0 ? lines : lines.slice(0, stop)
}

function isBlank(text: string): boolean {
  return /^\s*(#|$)/.test(text)
}

function withoutTexts(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"?|'[^']*'?/g, (text) => '_'.repeat(text.length))
}
