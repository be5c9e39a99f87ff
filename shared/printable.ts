/**
 * Characters that a person cannot tell from others or from nothing, or that a terminal obeys: controls, formatting and
 * bidirectional marks, everything Unicode says may be left invisible, blanks that are not the plain space, line
 * separators, private, unassigned and lone halves.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/gu

const short: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Untrusted text as one safe line: what is hidden becomes visible as `\n`, `\t` or `\u{202e}`, nothing is left out.
 * Whatever came from a client, a server, a file or another process passes here before it reaches a terminal.
 */
export function printable(text: string): string {
  return text.replace(hidden, (character) => short[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** Untrusted text of several lines, each made printable. */
export function printableLines(text: string): string[] {
  return text.split(/\r?\n/).map(printable)
}
