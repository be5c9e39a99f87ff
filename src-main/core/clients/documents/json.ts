import { applyEdits, modify, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { type ConfigDocument, lineEndOf, type Place, placeOf, UnreadableConfig } from './document.ts'

/** Opens JSON, with comments and trailing commas where there are some. Throws `UnreadableConfig`. */
export function openJson(text: string): ConfigDocument {
  const blank = text.trim() === ''
  const errors: ParseError[] = []
  const tree = blank ? undefined : parseTree(text, errors, { allowTrailingComma: true })
  const [error] = errors
  if (error) throw new UnreadableConfig(whatIsWrong(printParseErrorCode(error.error)), placeOf(text, error.offset))
  if (tree && tree.type !== 'object') throw new UnreadableConfig('a map was expected', placeOf(text, tree.offset))
  const formattingOptions = { ...indentOf(text), eol: lineEndOf(text) }
  // Formatting reaches to the end of a line: where a map stands on one, it would reach what is not ours.
  const oneLine = (place: Place) => {
    const around = tree && nodeAt(tree, place.slice(0, -1))
    return around !== undefined && !text.slice(around.offset, around.offset + around.length).includes('\n')
  }
  const change = (place: Place, value: unknown) => {
    for (let length = 1; length < place.length; length++) mustHold(text, tree, place.slice(0, length))
    const list = tree && nodeAt(tree, place.slice(0, -1))
    if (list?.type === 'array' && value !== undefined && place.at(-1) === list.children?.length) {
      const added = appended(text, list, value, formattingOptions)
      if (added !== null) return added
    }
    const changed = applyEdits(text, modify(text, [...place], value, oneLine(place) ? {} : { formattingOptions }))
    return blank ? `${changed}\n` : changed
  }
  return {
    data: tree && dataOf(text, tree),
    set: change,
    remove: (place) => (tree && nodeAt(tree, place) ? change(place, undefined) : text),
  }
}

const missing: Record<string, string> = {
  PropertyNameExpected: 'a name in quotes',
  ValueExpected: 'a value',
  ColonExpected: '`:`',
  CommaExpected: '`,`',
  CloseBraceExpected: '`}`',
  CloseBracketExpected: '`]`',
  UnexpectedEndOfComment: 'the end of a comment',
  UnexpectedEndOfString: 'the quote that ends a text',
}

function whatIsWrong(code: string): string {
  const what = missing[code]
  return `${what ? `this is no JSON: ${what} is missing here` : 'this is no JSON'}; mend the file, then try again`
}

type Formatting = { insertSpaces: boolean; tabSize: number; eol: string }

/** The text with one more value at the end of a list that has some, written as they stand; null for an empty list. */
function appended(text: string, list: Node, value: unknown, { insertSpaces, tabSize, eol }: Formatting): string | null {
  const last = list.children?.at(-1)
  if (!last) return null
  const end = last.offset + last.length
  const lines = text.slice(list.offset, last.offset).includes('\n')
  const indent = /[ \t]*$/.exec(
    text.slice(0, last.offset).replace(/[^\n]*$/, (line) => line.match(/^[ \t]*/)?.[0] ?? ''),
  )
  const written = JSON.stringify(value, null, lines ? (insertSpaces ? tabSize : '\t') : undefined)
  const before = lines ? `${eol}${indent?.[0] ?? ''}` : ' '
  return `${text.slice(0, end)},${before}${written.replaceAll('\n', before)}${text.slice(end)}`
}

/** Values as `JSON.parse` reads them, but for a name that stands twice in a map: what two readers read differently is refused. */
function dataOf(text: string, node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map((child) => dataOf(text, child))
  if (node.type !== 'object') return node.value
  const data: Record<string, unknown> = Object.create(null)
  for (const { children: [name, value] = [], offset } of node.children ?? []) {
    if (!name || !value) continue
    if (Object.hasOwn(data, name.value)) {
      throw new UnreadableConfig(`\`${name.value}\` stands twice in the same map`, placeOf(text, offset))
    }
    data[name.value] = dataOf(text, value)
  }
  return data
}

function nodeAt(tree: Node, place: Place): Node | undefined {
  let node: Node | undefined = tree
  for (const step of place) {
    if (node?.type === 'array' && typeof step === 'number') node = node.children?.[step]
    else if (node?.type !== 'object') return undefined
    else node = node.children?.find(({ children: [name] = [] }) => name?.value === step)?.children?.[1]
  }
  return node
}

/** `modify` writes over a value that is no map; what is there is the person's. */
function mustHold(text: string, tree: Node | undefined, place: Place): void {
  const node = tree && nodeAt(tree, place)
  if (node && node.type !== 'object' && node.type !== 'array') {
    throw new UnreadableConfig(`\`${place.join('.')}\` is no map`, placeOf(text, node.offset))
  }
}

/** Indentation as the first indented line has it; two spaces where none is. */
function indentOf(text: string): { insertSpaces: boolean; tabSize: number } {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  '
  return indent.startsWith('\t') ? { insertSpaces: false, tabSize: 4 } : { insertSpaces: true, tabSize: indent.length }
}
