import { decoded, inLiteral, parsedIn, type TextEdit, walkJson } from '../json/text.ts'
import type { FieldNames } from './field-names.ts'
import { maskPlainText } from './mask-plain-text.ts'
import { type Place, placeIn } from './result-frame.ts'

/** What stands in place of a masked value. */
const mask = '[masked]'

/** An answer in which it cannot be told what to mask, with why. */
export class CannotMask extends Error {}

/** What was masked in a text: the edits, and how many values of each field. */
export type Masked = { edits: TextEdit[]; counts: Map<string, number> }

/** A string costs so many looks at a name, however short it is. */
const perString = 3

/** JSON in strings in JSON … is looked into so deep. */
const deepest = 6

/** A place, and, where lists stand for rows, which of their elements are values of fields. */
type At = {
  place: Place
  value: unknown
  /** In an object: the columns that one of its members names; in a list: those of the rows in it; in a row: its cells. */
  columns: ReadonlyMap<number, string>
  cells: boolean
  /** An object that says in one member which field another holds the value of. */
  pair: string | null
}

const none: ReadonlyMap<number, string> = new Map()

/**
 * Masks the values of fields in a part of an answer, whatever the values are: members of objects by their key, cells by the names of
 * their columns, and, in strings, whatever JSON, tables or `name: value` they hold. Throws CannotMask for bytes (base64) and for JSON that
 * is nested too deep.
 */
export function maskJson(text: string, value: unknown, place: Place, fields: FieldNames, depth = 0): Masked {
  if (depth > deepest) throw new CannotMask('the answer holds JSON in JSON too deep to be masked')
  const masked: Masked = { edits: [], counts: new Map() }
  const hit = (field: string) => masked.counts.set(field, (masked.counts.get(field) ?? 0) + 1)
  const root = inside({ place, value, columns: none, cells: false, pair: null }, value, fields)
  let field: string | null = null
  walkJson<At>(text, root, {
    child(parent, key, index) {
      fields.spend(1)
      const { place, framed } = placeIn(parent.place, key)
      const value = (parent.value as Record<string, unknown> | undefined)?.[key ?? index]
      field = place === 'opaque' || framed ? null : namedBy(parent, key, index, fields)
      if (field !== null) return null
      const own = { place, value, columns: none, cells: false, pair: null }
      if (place !== 'data') return own
      return inside({ ...own, columns: parent.columns, cells: key === null && Array.isArray(value) }, value, fields)
    },
    passed(_parent, _key, start, end) {
      if (field === null) return
      hit(field)
      masked.edits.push({ start, end, text: JSON.stringify(mask) })
    },
    string({ place }, start, end) {
      if (place === 'bytes' && end > start)
        throw new CannotMask('the answer holds an image, sound or file, in which no field can be masked')
      if (place !== 'data') return
      fields.spend(perString)
      const literal = text.slice(start, end)
      const own = maskText(decoded(literal), fields, depth + 1)
      for (const [name, count] of own.counts) masked.counts.set(name, (masked.counts.get(name) ?? 0) + count)
      for (const edit of inLiteral(literal, own.edits)) {
        masked.edits.push({ start: start + edit.start, end: start + edit.end, text: edit.text })
      }
    },
  })
  return masked
}

/** The same for a text that may be JSON, a table, or anything else. */
export function maskText(text: string, fields: FieldNames, depth = 0): Masked {
  const parsed = parsedIn(text)
  return parsed === undefined ? maskPlainText(text, fields) : maskJson(text, parsed, 'data', fields, depth)
}

/** The field that a member or element is the value of. */
function namedBy({ columns, cells, pair }: At, key: string | null, index: number, fields: FieldNames): string | null {
  if (key === null) return cells ? (columns.get(index) ?? null) : null
  return fields.of(key) ?? (valueKeys.has(key.toLowerCase()) ? pair : null)
}

/** What is known inside of a value in the data of a server. */
function inside(at: At, value: unknown, fields: FieldNames): At {
  if (at.place !== 'data' || typeof value !== 'object' || value === null) return at
  if (Array.isArray(value)) {
    // The first row of a list of rows may name the columns; then it is one of them that loses its own name.
    const columns = at.cells || at.columns.size > 0 ? at.columns : columnsIn(value[0], fields)
    return { ...at, columns }
  }
  const members = Object.values(value)
  let columns = none
  for (const member of members) {
    for (const list of Array.isArray(member) ? [member] : members0(member)) {
      if (columns.size === 0) columns = columnsIn(list, fields)
    }
  }
  return { ...at, columns, cells: false, pair: pairIn(value as Record<string, unknown>, fields) }
}

/** The lists right inside of an object: a schema that holds the fields. */
function members0(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).filter(Array.isArray) : []
}

const nameKeys = ['name', 'column', 'column_name', 'columnname', 'field', 'field_name', 'key', 'label', 'property']
const valueKeys: ReadonlySet<string> = new Set(['value', 'values', 'text', 'content', 'data', 'val', 'v'])
/** A list of more names than this is no heading. */
const mostColumns = 2_000

/** Which elements of a list of names are fields: the list holds texts, or objects with a name. */
function columnsIn(list: unknown, fields: FieldNames): ReadonlyMap<number, string> {
  if (!Array.isArray(list) || list.length > mostColumns) return none
  const found = new Map<number, string>()
  for (const [index, item] of list.entries()) {
    const name = typeof item === 'string' ? item : nameOf(item)
    if (name === null) return none
    const field = fields.of(name)
    if (field !== null) found.set(index, field)
  }
  return found
}

function nameOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null) return null
  const named = Object.entries(item).find(
    ([key, value]) => nameKeys.includes(key.toLowerCase()) && typeof value === 'string',
  )
  return named ? (named[1] as string) : null
}

function pairIn(value: Record<string, unknown>, fields: FieldNames): string | null {
  const name = nameOf(value)
  return name === null ? null : fields.of(name)
}
