/** Names of fields to be masked, whatever their case, quotes or table: `email` is meant by `Email`, `"u"."email"` and `users.email`. */
export type FieldNames = {
  /** The field that a key or a heading names, or null. */
  of: (key: string) => string | null
  /** Where in a text a field's name stands as a word of its own, in order. */
  mentions: (text: string) => { field: string; start: number; end: number }[]
}

const words = /[\p{L}\p{N}_$]+(?:-[\p{L}\p{N}_$]+)*/gu

function fold(text: string): string {
  return text.toUpperCase().toLowerCase()
}

/** The part after the last dot, without quotes and brackets. */
function lastPart(key: string): string {
  const bare = key
    .slice(0, 1_000)
    .replace(/^[\s"'`[(*]+/, '')
    .replace(/[\s"'`\])*:]+$/, '')
  return fold(bare.slice(bare.lastIndexOf('.') + 1).replace(/^[\s"'`[]+/, ''))
}

/** A matcher for names; reading a text costs one pass, however many names there are. */
export function fieldNames(names: readonly string[]): FieldNames {
  const fields = new Map<string, string>()
  /** By the first word of a name, how long the names are that begin with it: as many looks as there are lengths, not names. */
  const lengths = new Map<string, Set<number>>()
  for (const name of names) {
    for (const folded of new Set([lastPart(name), fold(name)])) {
      if (folded === '') continue
      fields.set(folded, name)
      const [first = folded] = folded.match(words) ?? []
      lengths.set(first, (lengths.get(first) ?? new Set()).add(folded.length))
    }
  }

  function mentionAt(text: string, word: string, at: number) {
    for (const length of lengths.get(fold(word)) ?? []) {
      const field = fields.get(fold(text.slice(at, at + length)))
      const next = text[at + length] ?? ''
      if (field !== undefined && !/[\p{L}\p{N}_$]/u.test(next)) return { field, start: at, end: at + length }
    }
    return null
  }

  return {
    of: (key) => fields.get(lastPart(key)) ?? fields.get(fold(key)) ?? null,
    mentions(text) {
      const found = []
      for (const match of text.matchAll(words)) {
        const mention = mentionAt(text, match[0], match.index)
        if (mention) found.push(mention)
      }
      return found
    },
  }
}
