import type { Token } from './cut.ts'
import type { CutDialect } from './dialects.ts'
import { Unacceptable } from './verdict.ts'

/** SQL in which nothing is left that two readers could cut differently, and what the names in it stand for. */
export type PlainText = {
  text: string
  /** The name that a name in `text` stands for; null for a string. */
  nameOf: (said: string) => string | null
}

const quote: Record<CutDialect, (name: string) => string> = {
  mysql: (name) => `\`${name}\``,
  sqlite: (name) => `\`${name}\``,
  tsql: (name) => `[${name}]`,
}

/**
 * The same statement for a parser: without comments, each string the same harmless one, each quoted name plain. A parser cannot
 * then be led astray by what stands in strings, comments and names; what they are was settled before.
 */
export function plainText(tokens: readonly Token[], dialect: CutDialect): PlainText {
  const names = new Map<string, string>()
  const strings = new Set<string>()
  const said = tokens.map((token, index) => {
    if (token.kind === 'word') {
      if (/^tg[ns]\d+x$/i.test(token.text)) throw new Unacceptable(`the name \`${token.text}\` is kept for other use`)
      // The parser knows these for some dialects only, and they are judged alike.
      if (/^(except|intersect)$/i.test(token.text)) return 'UNION'
      // Before a string it says how that is written, which is settled.
      const introduces =
        tokens[index + 1]?.kind === 'string' && !tokens[index + 1]?.loose && /^[nxb]$/i.test(token.text)
      return introduces ? '' : token.text
    }
    if (token.kind === 'quoted') {
      const name = `tgn${index}x`
      names.set(name, token.text)
      return quote[dialect](name)
    }
    if (token.kind === 'string') {
      strings.add(`tgs${index}x`)
      return `'tgs${index}x'`
    }
    return token.kind === 'parameter' ? '1' : token.text
  })
  const text = said.map((piece, index) => (touches(tokens, index) ? '' : ' ') + piece).join('')
  return { text: text.trim(), nameOf: (name) => (strings.has(name) ? null : (names.get(name) ?? name)) }
}

/** Around the dot of a name, and before the bracket of a function, some parsers want no space. */
function touches(tokens: readonly Token[], index: number): boolean {
  const [before, token] = [tokens[index - 1], tokens[index]]
  const dot = [before, token].some((each) => each?.kind === 'operator' && each.text === '.')
  const called = token?.kind === 'operator' && token.text === '(' && !token.loose
  return dot || called
}
