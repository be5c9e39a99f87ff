import { decoded, elementsOf, inLiteral, parsedIn, type TextEdit, valueEnd, walkJson } from '../json/text.ts'
import { type Place, placeIn } from './result-frame.ts'

/** The rows of an answer: how many there are, how many are kept, and the edits that leave the others out. `counted` is false where something cannot be counted. */
export type Limited = { rows: number; kept: number; counted: boolean; edits: TextEdit[] }

/** JSON in strings in JSON … is looked into so deep. */
const deepest = 6
/** Lists of these names are rows, whatever they hold. */
const rowNames: ReadonlySet<string> = new Set(['rows', 'results', 'result', 'data', 'items', 'records', 'values'])
/** Lists of these describe rows. */
const aboutRows: ReadonlySet<string> = new Set(['columns', 'fields', 'headers', 'schema', 'types', 'column_names'])

/** In place of a row that stands in a text of its own. */
const leftOut = '[left out: more rows than policy allows]'

type Framed = { place: Place; value: unknown; structured: boolean }

/**
 * Keeps the first `most` rows of an answer: of each list in `structuredContent`, and of all texts together. Rows are the elements of the
 * outermost lists that hold objects or lists, or are named as rows usually are; a text that is JSON without a list is one row. `lenient`: a
 * text counts by its lines, as an error's does.
 */
export function limitRows(text: string, value: unknown, place: Place, most: number, lenient: boolean): Limited {
  const total: Limited = { rows: 0, kept: 0, counted: true, edits: [] }
  let structured = 0
  const root: Framed = { place, value, structured: false }
  const within = ({ value, structured }: Framed, key: string | null, index: number, place: Place): Framed => ({
    ...{ place, value: (value as Record<string, unknown> | undefined)?.[key ?? index] },
    structured: structured || key === 'structuredContent',
  })
  walkJson<Framed>(text, root, {
    child(parent, key, index) {
      const place = key === '_meta' ? 'opaque' : placeIn(parent.place, key).place
      return place === 'data' || place === 'bytes' ? null : within(parent, key, index, place)
    },
    passed(parent, key, start, end) {
      const { place } = placeIn(parent.place, key)
      if (place === 'bytes') total.counted &&= end - start <= 2
      if (place !== 'data') return
      const { value, structured: apart } = within(parent, key, 0, place)
      const own = limitValue(text, start, end, value, apart ? most : Math.max(0, most - total.rows), lenient, 0)
      // The same rows are often given twice: as values, and as text for whom does not read those.
      if (apart) structured = Math.max(structured, own.rows)
      else total.rows += own.rows
      total.counted &&= own.counted
      total.edits.push(...own.edits)
    },
  })
  const rows = Math.max(total.rows, structured)
  return { ...total, rows, kept: Math.min(rows, most) }
}

/** The rows of a value that a server put into its answer, which lies between `start` and `end`. */
function limitValue(
  text: string,
  start: number,
  end: number,
  value: unknown,
  most: number,
  lenient: boolean,
  depth: number,
): Limited {
  const found: Limited = { rows: 0, kept: 0, counted: depth <= deepest, edits: [] }
  if (depth > deepest) return found
  if (typeof value === 'string') {
    const literal = text.slice(start + 1, end - 1)
    const own = limitText(decoded(literal), most, lenient, depth + 1)
    return { ...own, edits: moved(inLiteral(literal, own.edits), start + 1) }
  }
  if (Array.isArray(value)) return cut(text, start, end, value, most)
  if (typeof value !== 'object' || value === null) return found
  const own = text.slice(start, end)
  const take = ({ rows, counted, edits }: Limited) => {
    found.rows = Math.max(found.rows, rows)
    found.counted &&= counted
    found.edits.push(...moved(edits, start))
  }
  walkJson<{ value: unknown }>(
    own,
    { value },
    {
      child(parent, key, index) {
        const value = (parent.value as Record<string, unknown> | undefined)?.[key ?? index]
        return typeof value === 'string' || isRows(key, value) ? null : { value }
      },
      passed(parent, key, from, to) {
        const value = (parent.value as Record<string, unknown>)[key ?? '']
        // What stands in a list of plain values is no text of its own.
        if (key !== null) take(limitValue(own, from, to, value, most, lenient, depth))
      },
    },
  )
  return found
}

function moved(edits: readonly TextEdit[], by: number): TextEdit[] {
  return edits.map(({ start, end, text }) => ({ start: start + by, end: end + by, text }))
}

function isRows(key: string | null, value: unknown): value is unknown[] {
  if (key === null || !Array.isArray(value)) return false
  const name = key.toLowerCase()
  if (aboutRows.has(name)) return false
  return rowNames.has(name) || value.some((item) => typeof item === 'object' && item !== null)
}

/** The list at `start` with at most `most` elements. */
function cut(text: string, start: number, end: number, list: readonly unknown[], most: number): Limited {
  const rows = list.length
  if (rows <= most) return { rows, kept: rows, counted: true, edits: [] }
  const last = elementsOf(text, start, most).at(-1)
  return { rows, kept: most, counted: true, edits: [{ start: last?.end ?? start + 1, end: end - 1, text: '' }] }
}

/** The rows of a text of its own. */
function limitText(text: string, most: number, lenient: boolean, depth: number): Limited {
  const parsed = parsedIn(text)
  if (parsed === undefined) return limitLines(text, most, lenient)
  const start = text.search(/\S/)
  const own = limitValue(text, start, valueEnd(text, start), parsed, most, lenient, depth)
  if (own.rows > 0 || Array.isArray(parsed) || typeof parsed === 'string') return own
  if (most >= 1) return { ...own, rows: 1, kept: 1 }
  return { ...own, rows: 1, edits: [{ start: 0, end: text.length, text: leftOut }] }
}

/** Text that is no JSON: as many rows as lines at most, unless one line may hold several. */
function limitLines(text: string, most: number, lenient: boolean): Limited {
  const lines = text.split('\n').filter((line) => line.trim() !== '').length
  const packed = !lenient && /[[{(<]/.test(text)
  // Words about rows are no row.
  if (lines <= 1 && !packed) return { rows: 0, kept: 0, counted: true, edits: [] }
  return { rows: 0, kept: 0, counted: lines <= most && !packed, edits: [] }
}
