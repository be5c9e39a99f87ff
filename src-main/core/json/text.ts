import { stringEnd } from '../safety/plain-json.ts'

/*
 * JSON as text, for what reads into strings of JSON that hold JSON themselves. Everything here expects text that `JSON.parse` has
 * accepted. Offsets are those of UTF-16, as strings have them.
 */

/** A change of text: what lies between `start` and `end` becomes `text`. */
export type TextEdit = { start: number; end: number; text: string }

/** The text with the edits made; edits must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = []
  let at = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, edit.start), edit.text)
    at = edit.end
  }
  return parts.join('') + text.slice(at)
}

const space = /[^ \t\n\r]/g

function skipSpace(text: string, at: number): number {
  space.lastIndex = at
  return space.exec(text)?.index ?? text.length
}

const structural = /["{}[\]]/g
const afterScalar = /[\s,\]}]/g

/** One past the end of the value that begins at `at`. */
export function valueEnd(text: string, at: number): number {
  const first = text[at]
  if (first === '"') return stringEnd(text, at)
  if (first !== '{' && first !== '[') {
    afterScalar.lastIndex = at
    return afterScalar.exec(text)?.index ?? text.length
  }
  let depth = 0
  for (let i = at; ; ) {
    structural.lastIndex = i
    const found = structural.exec(text)
    if (!found) throw new SyntaxError('unterminated value')
    i = found.index + 1
    if (found[0] === '"') i = stringEnd(text, found.index)
    else if (found[0] === '{' || found[0] === '[') depth++
    else if (--depth === 0) return i
  }
}

/** Where the elements of the list at `at` lie, at most `most` of them. */
export function elementsOf(text: string, at: number, most: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (let i = skipSpace(text, at + 1); found.length < most && text[i] !== ']' && i < text.length; ) {
    const end = valueEnd(text, i)
    found.push({ start: i, end })
    i = skipSpace(text, end)
    if (text[i] === ',') i = skipSpace(text, i + 1)
  }
  return found
}

/** What a walk over a JSON text does. `C` is what it knows of where it is. */
export type Visitor<C> = {
  /** What is known inside of the value of a member (`key`) or element (`index`); null to pass it over whole. */
  child: (parent: C, key: string | null, index: number) => C | null
  /** A value that was passed over, from its first character to one past its last. */
  passed?: (parent: C, key: string | null, start: number, end: number) => void
  /** A string, between its quotes. */
  string?: (context: C, start: number, end: number) => void
}

/** Goes over a JSON text once, whatever its depth. */
export function walkJson<C>(text: string, root: C, { child, passed, string }: Visitor<C>): void {
  const open: { object: boolean; context: C; index: number }[] = []
  const value = (at: number, context: C): number => {
    const first = text[at]
    if (first === '{' || first === '[') {
      open.push({ object: first === '{', context, index: 0 })
      return at + 1
    }
    const end = valueEnd(text, at)
    if (first === '"') string?.(context, at + 1, end - 1)
    return end
  }
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const char = text[at]
    const top = open.at(-1)
    if (char === ',') at++
    else if (char === '}' || char === ']') {
      open.pop()
      at++
    } else if (!top) at = value(at, root)
    else {
      let key: string | null = null
      if (top.object) {
        const end = stringEnd(text, at)
        key = decoded(text.slice(at + 1, end - 1))
        at = skipSpace(text, skipSpace(text, end) + 1)
      }
      const context = child(top.context, key, top.index++)
      if (context !== null) at = value(at, context)
      else {
        const end = valueEnd(text, at)
        passed?.(top.context, key, at, end)
        at = end
      }
    }
  }
}

/** Where the value of a member of the outermost object lies, the last one of its name; null when there is none. */
export function memberOf(text: string, key: string): { start: number; end: number } | null {
  let found: { start: number; end: number } | null = null
  walkJson<null[]>(text, [], {
    child: () => null,
    passed(_parent, name, start, end) {
      if (name === key) found = { start, end }
    },
  })
  return found
}

/** What a JSON string says, from what stands between its quotes. */
export function decoded(literal: string): string {
  return literal.includes('\\') ? (JSON.parse(`"${literal}"`) as string) : literal
}

/** Edits of what a JSON string says, as edits of what stands between its quotes: all other characters keep their spelling. */
export function inLiteral(literal: string, edits: readonly TextEdit[]): TextEdit[] {
  const written = (text: string) => JSON.stringify(text).slice(1, -1)
  const sorted = edits.toSorted((a, b) => a.start - b.start)
  if (!literal.includes('\\')) return sorted.map((edit) => ({ ...edit, text: written(edit.text) }))
  let [raw, said] = [0, 0]
  const placeOf = (offset: number) => {
    for (; said < offset; said++) raw += literal[raw] !== '\\' ? 1 : literal[raw + 1] === 'u' ? 6 : 2
    return raw
  }
  return sorted.map(({ start, end, text }) => ({ start: placeOf(start), end: placeOf(end), text: written(text) }))
}

/** What a text says when it is a JSON object, list or string; undefined when it is none of these. */
export function parsedIn(text: string): object | string | undefined {
  if (!/^\s*[[{"]/.test(text)) return undefined
  try {
    return JSON.parse(text) as object | string
  } catch {
    return undefined
  }
}
