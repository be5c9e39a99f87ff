/** What a piece of a line of YAML is, for its tint. */
export type YamlKind = 'key' | 'text' | 'number' | 'word' | 'comment' | 'plain'
export type YamlPiece = { kind: YamlKind; text: string }

const key = /^(\s*(?:-\s+)*)((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#'"{}[\],&*!|>-][^:#]*?))(\s*:)(?=\s|$)/
const token =
  /("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|((?<=^|\s)#.*$)|(?<![\w.-])(-?\d+(?:\.\d+)?)(?![\w.-])|(?<![\w.-])(true|false|null|ALLOW_WITH_CONSTRAINTS|ALLOW|DENY|REQUIRE_APPROVAL)(?![\w.-])/g

/**
 * One line of YAML in pieces to tint. It looks at the line alone, so it may tint a text of several lines wrongly; it never
 * changes or leaves out a character.
 */
export function yamlPieces(line: string): YamlPiece[] {
  const pieces: YamlPiece[] = []
  const add = (kind: YamlKind, text: string) => {
    if (text !== '') pieces.push({ kind, text })
  }
  const named = key.exec(line)
  let rest = line
  if (named) {
    const [whole, indent = '', name = '', colon = ''] = named
    add('plain', indent)
    add('key', name)
    add('plain', colon)
    rest = line.slice(whole.length)
  }
  let end = 0
  for (const match of rest.matchAll(token)) {
    add('plain', rest.slice(end, match.index))
    const [whole, text, comment, number] = match
    add(
      text !== undefined ? 'text' : comment !== undefined ? 'comment' : number !== undefined ? 'number' : 'word',
      whole,
    )
    end = match.index + whole.length
  }
  add('plain', rest.slice(end))
  return pieces
}
