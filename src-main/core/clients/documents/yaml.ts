import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import { type ConfigDocument, lineEndOf, type Place, placeOf, UnreadableConfig } from './document.ts'

type Member = Pair<ParsedNode, ParsedNode | null>

/** Opens one YAML document. Aliases on the way to a place are refused: a change there would be one elsewhere. Throws `UnreadableConfig`. */
export function openYaml(text: string): ConfigDocument {
  const parsed = parseDocument(text, { version: '1.2', maxAliasCount: 50, uniqueKeys: true } as object)
  const [error] = parsed.errors
  if (error) throw new UnreadableConfig(error.message.split('\n')[0] ?? '', placeOf(text, error.pos[0]))
  const root = parsed.contents as ParsedNode | null
  if (root && !isMap(root)) throw new UnreadableConfig('a map was expected', placeOf(text, root.range[0]))
  const eol = lineEndOf(text)

  return {
    data: root ? (parsed as Document).toJS({ maxAliasCount: 50 }) : undefined,
    remove(place) {
      const found = memberAt(text, root, place)
      return found ? cut(text, found) : text
    },
    set(place, value) {
      const found = memberAt(text, root, place)
      const node = found?.value
      if (node && node.range[1] > node.range[0]) {
        // What stands in a block ends with its last line break, which is the next line's.
        const old = text.slice(node.range[0], node.range[1])
        const tail = (/[ \t\r\n]*$/.exec(old)?.[0] ?? '') + text.slice(node.range[1])
        return text.slice(0, node.range[0]) + JSON.stringify(value) + tail
      }
      if (found) return set(cut(text, found), place, value)
      const parent = place.length > 1 ? (memberAt(text, root, place.slice(0, -1))?.value ?? null) : root
      if (parent && isAlias(parent)) throw new UnreadableConfig('an alias stands there', placeOf(text, parent.range[0]))
      if (parent && isMap(parent)) return insert(text, parent, `${keyText(place)}: ${JSON.stringify(value)}`, eol)
      if (place.length > 1) return set(text, place.slice(0, -1), { [String(place.at(-1))]: value })
      const gap = text === '' || text.endsWith('\n') ? '' : eol
      return `${text}${gap}${keyText(place)}: ${JSON.stringify(value)}${eol}`
    },
  }
}

const set = (text: string, place: Place, value: unknown) => openYaml(text).set(place, value)

function keyText(place: Place): string {
  const key = String(place.at(-1))
  return /^[A-Za-z][\w-]*$/.test(key) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(key)
    ? key
    : JSON.stringify(key)
}

/** The key and value at a place, or, where the last step is a position in a list, that item in the place of the value. */
function memberAt(text: string, root: ParsedNode | null, place: Place): (Partial<Member> & { map: ParsedNode }) | null {
  let node = root
  let found: (Partial<Member> & { map: ParsedNode }) | null = null
  for (const step of place) {
    if (node && isAlias(node)) throw new UnreadableConfig('an alias stands there', placeOf(text, node.range[0]))
    if (node && isMap(node)) {
      const member = (node as YAMLMap<ParsedNode, ParsedNode | null>).items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(step),
      )
      if (!member) return null
      found = { key: member.key, value: member.value, map: node }
      node = member.value
    } else if (node && isSeq(node) && typeof step === 'number') {
      const item = node.items[step] as ParsedNode | undefined
      if (!item) return null
      found = { value: item, map: node }
      node = item
    } else return null
  }
  return found
}

/** The text without a key and its value: whole lines in a block, with its comma in braces. */
function cut(text: string, { key, value, map }: Partial<Member> & { map: ParsedNode }): string {
  const from = key?.range[0] ?? value?.range[0] ?? 0
  const to = Math.max(key?.range[1] ?? 0, value?.range[1] ?? 0)
  if (isMap(map) && map.flow) {
    const after = /^\s*,\s*/.exec(text.slice(to))?.[0].length ?? 0
    const before = after > 0 ? 0 : (/,\s*$/.exec(text.slice(0, from))?.[0].length ?? 0)
    return text.slice(0, from - before) + text.slice(to + after)
  }
  const end = text.indexOf('\n', Math.max(from, to - 1))
  const start = text.lastIndexOf('\n', from - 1) + 1
  // The first key of an item of a list stands behind its dash, which stays for the key after it.
  if (text.slice(start, from).trim() !== '') {
    const next = /^[ \t]*/.exec(end === -1 ? '' : text.slice(end + 1))?.[0].length ?? 0
    return text.slice(0, from) + (end === -1 ? '' : text.slice(end + 1 + next))
  }
  return text.slice(0, start) + (end === -1 ? '' : text.slice(end + 1))
}

/** The text with one more member of a map, after its last. */
function insert(text: string, map: YAMLMap & ParsedNode, line: string, eol: string): string {
  const last = map.items.at(-1) as Member | undefined
  if (map.flow || !last) {
    const end = map.range[1] - 1
    const before = text.slice(0, end).trimEnd()
    return `${before}${last && !before.endsWith(',') ? ', ' : ''}${line}${text.slice(before.length)}`
  }
  const at = Math.max(last.key.range[1], last.value?.range[1] ?? 0)
  const end = text.indexOf('\n', Math.max(last.key.range[0], at - 1))
  const { column } = placeOf(text, last.key.range[0])
  const indent = ' '.repeat(column - 1)
  if (end === -1) return `${text}${eol}${indent}${line}`
  return `${text.slice(0, end + 1)}${indent}${line}${eol}${text.slice(end + 1)}`
}
