/** What is being written inside of `{ a: [b, { c: `: where its text begins, the path to it, and the keys of its map. */
export type FlowPlace = { kind: 'key' | 'value'; path: string[]; at: number; keys: string[] }

type Open = { map: boolean; key: string | null; keys: string[] }

const token = /"(?:[^"\\]|\\.)*"?|'[^']*'?|[{}[\],]|:(?=\s|$)|[^\s{}[\],:"']+(?::(?!\s|$)[^\s{}[\],:"']*)*|\s+/g

/** What is open at the end of a line of flow YAML; null when nothing is. */
export function flowPlace(line: string): FlowPlace | null {
  if (!/^[{[]/.test(line)) return null
  const open: Open[] = []
  let begin = 0
  let word = ''
  for (const { 0: piece, index } of line.matchAll(token)) {
    if (piece.trim() === '') continue
    const top = open.at(-1)
    begin = index + piece.length
    if (piece === '{' || piece === '[') open.push({ map: piece === '{', key: null, keys: [] })
    else if (piece === '}' || piece === ']') open.pop()
    else if (piece === ',' && top) top.key = null
    else if (piece === ':' && top) {
      top.key = word
      top.keys.push(word)
    } else {
      word = piece.replace(/^(["'])(.*)\1$/, '$2')
      begin = index
    }
  }
  const top = open.at(-1)
  if (!top) return null
  const path = open.flatMap(({ map, key }) => (map ? (key === null ? [] : [key]) : ['*']))
  const blanks = /^\s*/.exec(line.slice(begin))?.[0].length ?? 0
  const isKey = top.map && top.key === null
  return { kind: isKey ? 'key' : 'value', path, at: begin + blanks, keys: isKey ? top.keys : [] }
}
