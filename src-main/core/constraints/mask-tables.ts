import type { FieldNames } from './field-names.ts'

type Found = { field: string; start: number; end: number }
type Cell = { start: number; end: number; text: string }
type Row = { start: number; end: number; cells: Cell[] }

/** How the cells of a table may be told apart, the surest first. The last one only tells that there are some. */
const separators = ['|', '\t', ',', ';', '  '] as const
type Separator = (typeof separators)[number] | null

/** A row costs so many looks at a name. */
const perRow = 4

/** Rules between rows, and frames. */
const ruled = /^[\s|│┃:+=_*┌┐└┘├┤┬┴┼─━╭╮╰╯╞╡╪═-]*[-=_─━═]{2,}[\s|│┃:+=_*┌┐└┘├┤┬┴┼─━╭╮╰╯╞╡╪═-]*$/
/** What databases write below a table. */
const counted = /^\(?\d+ (?:rows?|records?)(?: in set| affected)?[^\n]{0,40}$/i

/**
 * The values that stand below the name of a field at the head of a table: CSV, Markdown, what databases print, a list below a single
 * name. A row that does not have the shape of the head is masked whole. After an empty line the table goes on as long as rows have its shape.
 */
export function maskTables(text: string, mentions: readonly Found[], fields: FieldNames): Found[] {
  const found: Found[] = []
  let done = 0
  for (const mention of mentions) {
    if (mention.start < done) continue
    const line = lineAt(text, mention.start)
    const head = headIn(text, line, fields)
    done = line.end
    if (!head) continue
    const { separator, row } = head
    const columns = new Map(
      row.cells.flatMap(({ text }, index) => {
        const field = fields.of(text)
        return field === null ? [] : [[index, field] as const]
      }),
    )
    // Of two cells the second may be a heading or the value of the first: it is masked unless a rule below says that this is a head.
    const below = lineAt(text, line.end + 1)
    const [first, second] = row.cells
    if (
      row.cells.length === 2 &&
      first &&
      second &&
      columns.has(0) &&
      !ruled.test(text.slice(below.start, below.end))
    ) {
      found.push({ field: columns.get(0) as string, start: second.start, end: second.end })
    }
    done = rowsBelow(text, row.end + 1, separator, row.cells.length, columns, found, fields.spend)
  }
  return found.filter(({ start, end }) => end > start)
}

type Line = { start: number; end: number }

function lineAt(text: string, at: number): Line {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  return { start, end: end < 0 ? text.length : end }
}

/** The line as the head of a table, when one of its cells is nothing but the name of a field. */
function headIn(text: string, line: Line, fields: FieldNames): { separator: Separator; row: Row } | null {
  const content = text.slice(line.start, line.end)
  for (const separator of separators) {
    if (!content.replaceAll(/[│┃]/g, '|').includes(separator)) continue
    const row = rowIn(text, line.start, separator)
    if (
      (separator === '|' || row.cells.length > 1) &&
      row.cells.some((cell) => fields.of(cell.text) !== null && plainName(cell.text))
    ) {
      return { separator, row }
    }
  }
  const row = rowIn(text, line.start, null)
  const [only] = row.cells
  return only && fields.of(only.text) !== null && plainName(only.text) ? { separator: null, row } : null
}

/** A name and no sentence that ends with one. */
function plainName(text: string): boolean {
  return !/[:=<>{}]/.test(text)
}

function rowsBelow(
  text: string,
  from: number,
  separator: Separator,
  width: number,
  columns: ReadonlyMap<number, string>,
  found: Found[],
  spend: FieldNames['spend'],
): number {
  const [anyField = ''] = columns.values()
  let at = from
  let emptied = false
  while (at < text.length) {
    const row = rowIn(text, at, separator)
    spend(perRow + row.cells.length)
    const content = text.slice(row.start, row.end).trim()
    at = row.end + 1
    // An empty line may be a row without a value. What comes after it belongs to the table as long as it looks like it.
    emptied ||= content === ''
    if (content === '') continue
    if (emptied && row.cells.length !== width) return row.start
    if (ruled.test(content) || counted.test(content)) continue
    if (separator === '  ' || row.cells.length !== width) {
      found.push({ field: anyField, start: row.start, end: row.end })
      continue
    }
    for (const [index, field] of columns) {
      const cell = row.cells[index]
      if (cell) found.push({ field, start: cell.start, end: cell.end })
    }
  }
  return at
}

/** The row that begins at `start`: it ends with its line, or with the line in which its last quoted cell ends. */
function rowIn(text: string, start: number, separator: Separator): Row {
  const csv = separator === ',' || separator === ';' || separator === '\t'
  const cells: Cell[] = []
  let [at, cell, bare] = [start, start, true]
  const close = () => {
    let [from, to] = [cell, at]
    while (from < to && /\s/.test(text[from] as string)) from++
    while (to > from && /\s/.test(text[to - 1] as string)) to--
    cells.push({ start: from, end: to, text: text.slice(from, to) })
    bare = true
  }
  for (; at < text.length && text[at] !== '\n'; at++) {
    if (csv && bare && text[at] === '"') {
      at = quotedEnd(text, at)
      bare = false
    } else if (separator === '|' && text[at] === '\\' && text[at + 1] === '|') at++
    else if (
      separator === '  ' ? text.startsWith('  ', at) : separator !== null && sameSeparator(text[at], separator)
    ) {
      close()
      if (separator === '  ') while (text[at + 1] === ' ') at++
      cell = at + 1
    } else if (bare && !/\s/.test(text[at] as string)) bare = false
  }
  at = Math.min(at, text.length)
  close()
  return { start, end: at, cells: separator === '|' ? framed(cells) : cells }
}

function sameSeparator(char: string | undefined, separator: string): boolean {
  return char === separator || (separator === '|' && (char === '│' || char === '┃'))
}

/** Cells of a table whose rows begin and end with a separator. */
function framed(cells: Cell[]): Cell[] {
  const [first] = cells
  if (cells.length < 2 || first?.text !== '') return cells
  const last = cells.at(-1)
  return cells.slice(1, last?.text === '' ? -1 : undefined)
}

/** The closing quote of a cell of CSV, in which a doubled quote is one. */
function quotedEnd(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] !== '"') continue
    if (text[i + 1] === '"') i++
    else return i
  }
  return text.length
}
