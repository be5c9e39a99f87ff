const longest = 60

/**
 * Shows text that somebody else wrote inside a message: in backticks, on one line, without characters that could steer a
 * terminal or turn the reading direction, and cut when it is long.
 */
export function quote(text: string): string {
  const plain = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{fffd}').replaceAll('`', "'")
  return plain.length > longest ? `\`${plain.slice(0, longest)}…\`` : `\`${plain}\``
}

/** Lists words for a person: `a`, `b` or `c`. */
export function quoteList(words: readonly string[]): string {
  const quoted = words.map(quote)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}
