import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser'
import { type ConfigDocument, lineEndOf, type Place, UnreadableConfig } from './document.ts'

/** A key and its value, with the place that they have from the root. */
type Pair = { place: string[]; node: AST.TOMLKeyValue; inline: AST.TOMLInlineTable | null }

/** Opens TOML 1.0. Throws `UnreadableConfig`. */
export function openToml(text: string): ConfigDocument {
  const program = parse(text)
  const top = program.body[0]
  const pairs = pairsIn(top)
  const eol = lineEndOf(text)
  const same = (a: readonly unknown[], b: Place) => a.length === b.length && a.every((step, at) => step === b[at])
  const below = (place: readonly unknown[], at: Place) =>
    place.length > at.length && same(place.slice(0, at.length), at)
  const tables = top.body.filter((node) => node.type === 'TOMLTable')

  /** Tables and dotted keys at or below a place, as the ranges to take out, last first. */
  const partsAt = (place: Place): [number, number][] => {
    const cut = tables.filter(({ resolvedKey }) => same(resolvedKey, place) || below(resolvedKey, place))
    const lines = pairs.filter(
      (pair) => (same(pair.place, place) || below(pair.place, place)) && !cut.some((table) => inside(pair.node, table)),
    )
    const outer = lines.filter((pair) => !lines.some((other) => other !== pair && inside(pair.node, other.node)))
    const ranges = [
      ...cut.map((table): [number, number] => wholeLines(text, [table.range[0], endOfTable(table)])),
      ...outer.map(({ node, inline }) => (inline ? inlinePart(inline, node) : wholeLines(text, node.range))),
    ]
    return ranges.sort((a, b) => b[0] - a[0])
  }
  const remove = (place: Place) =>
    partsAt(place).reduce((rest, [from, to]) => rest.slice(0, from) + rest.slice(to), text)

  return {
    data: text.trim() === '' ? undefined : plain(getStaticTOMLValue(program)),
    remove,
    set(place, value) {
      const found = pairs.find((pair) => same(pair.place, place))
      if (found) {
        const [from, to] = found.node.value.range
        return text.slice(0, from) + write(value) + text.slice(to)
      }
      if (partsAt(place).length > 0) return openToml(remove(place)).set(place, value)
      const parent = place.slice(0, -1)
      const line = `${writeKey(String(place.at(-1)))} = ${write(value)}`
      const inline = pairs.find((pair) => same(pair.place, parent))?.node.value
      if (inline) {
        if (inline.type !== 'TOMLInlineTable') throw new UnreadableConfig(`\`${parent.join('.')}\` is no table`)
        const last = inline.body.at(-1)
        const [at, sign] = last ? [last.range[1], ', '] : [inline.range[0] + 1, ' ']
        return `${text.slice(0, at)}${sign}${line}${text.slice(at)}`
      }
      const table = parent.length === 0 ? top : tables.find(({ resolvedKey }) => same(resolvedKey, parent))
      if (table) return insertLine(text, table, line, eol)
      const dotted = pairs.findLast(
        ({ place: own, node, inline: within }) =>
          !within && below(own, parent) && own.length - node.key.keys.length < parent.length,
      )
      if (dotted) {
        const { keys } = dotted.node.key
        const prefix = keys.slice(0, parent.length - (dotted.place.length - keys.length))
        const at = lineEndAfter(text, dotted.node.range[1])
        const words = [...prefix.map((key) => text.slice(...key.range)), line]
        return `${text.slice(0, at)}${eol}${words.join('.')}${text.slice(at)}`
      }
      const gap = text === '' ? '' : text.endsWith('\n') ? eol : eol + eol
      return `${text}${gap}[${parent.map((step) => writeKey(String(step))).join('.')}]${eol}${line}${eol}`
    },
  }
}

function parse(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: '1.0' })
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    throw new UnreadableConfig(error.message, { line: error.lineNumber, column: error.column + 1 })
  }
}

const inside = (inner: AST.TOMLNode, outer: AST.TOMLNode) =>
  inner !== outer && inner.range[0] >= outer.range[0] && inner.range[1] <= outer.range[1]

const endOfTable = (table: AST.TOMLTable) => table.body.at(-1)?.range[1] ?? table.range[1]

/** Every key with its value, those of inline tables included; keys of lists have no place of their own. */
function pairsIn(top: AST.TOMLTopLevelTable): Pair[] {
  const found: Pair[] = []
  const visit = (node: AST.TOMLKeyValue, base: readonly (string | number)[], inline: AST.TOMLInlineTable | null) => {
    const names = node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value))
    const place = [...base.map(String), ...names]
    found.push({ place, node, inline })
    const { value } = node
    if (value.type === 'TOMLInlineTable') for (const member of value.body) visit(member, place, value)
  }
  for (const node of top.body) {
    if (node.type === 'TOMLKeyValue') visit(node, [], null)
    else for (const member of node.body) visit(member, node.resolvedKey, null)
  }
  return found
}

/** From the start of the line on which a range begins to the start of the one after it ends, comments on it included. */
function wholeLines(text: string, [from, to]: readonly [number, number]): [number, number] {
  const end = lineEndAfter(text, to)
  const next = text.indexOf('\n', end)
  return [text.lastIndexOf('\n', from - 1) + 1, next === -1 ? text.length : next + 1]
}

/** A member of an inline table with the comma that goes with it. */
function inlinePart(inline: AST.TOMLInlineTable, node: AST.TOMLKeyValue): [number, number] {
  const at = inline.body.indexOf(node)
  const [next, previous] = [inline.body[at + 1], inline.body[at - 1]]
  if (next) return [node.range[0], next.range[0]]
  return [previous ? previous.range[1] : node.range[0], node.range[1]]
}

/** Where the line ends on which `at` lies, before its line break. */
function lineEndAfter(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  if (end === -1) return text.length
  return text[end - 1] === '\r' && end - 1 >= at ? end - 1 : end
}

/** A new line after the last of a table, or first of all where the table at the root has none. */
function insertLine(text: string, table: AST.TOMLTable | AST.TOMLTopLevelTable, line: string, eol: string): string {
  const members = table.body.filter((node) => node.type === 'TOMLKeyValue')
  const last = members.at(-1)
  if (!last && table.type === 'TOMLTopLevelTable') return `${line}${eol}${text}`
  const at = lineEndAfter(text, last ? last.range[1] : table.range[1])
  return `${text.slice(0, at)}${eol}${line}${text.slice(at)}`
}

/** A value as TOML: JSON's texts and lists are TOML's too, but for the character DEL. */
function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${writeKey(key)} = ${write(member)}`)
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
  }
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f')
}

const writeKey = (key: string) => (/^[A-Za-z0-9_-]+$/.test(key) ? key : write(key))

/** Plain data: big integers that are safe as numbers become numbers, dates their text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]))
}
