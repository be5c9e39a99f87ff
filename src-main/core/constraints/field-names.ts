/** Names of fields to be masked, whatever their case, quotes or table: `email` is meant by `Email`, `"u"."email"` and `users.email`. */
export type FieldNames = {
  /** The field that a key or a heading names, or null. */
  of: (key: string) => string | null
  /** Where in a text a field's name stands as a word of its own, in order. */
  mentions: (text: string) => { field: string; start: number; end: number }[]
  /** Says that so much more was looked at, in looks at a name that is none of these. Throws when an answer is too much work. */
  spend: (looks: number) => void
}

/** Looking up a name that may be one of a field costs so many looks at others; so does a mention of one in a text. */
const perLikely = 8
/** Characters of text that are read in the time of one look. */
const perLook = 32

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

/** Whether a text may hold one of the names in whatever case: a quick no for most of an answer. */
function createGuess(folded: readonly string[]): (text: string) => boolean {
  // Outside of ASCII folding changes more than single letters.
  if (!folded.every((name) => /^[\x20-\x7e]+$/.test(name))) return () => true
  const pattern = new RegExp(folded.map((name) => name.replaceAll(/[^\w ]/g, '\\$&')).join('|'), 'i')
  return (text) => pattern.test(text) || /[^\0-\x7f]/.test(text)
}

/**
 * A matcher for names; reading a text costs one pass, however many names there are. `spend` hears of work before it is done, in looks at
 * names, and throws when that is too much for one answer.
 */
export function fieldNames(names: readonly string[], spend: (looks: number) => void = () => {}): FieldNames {
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

  const mayHold = createGuess([...fields.keys()])

  function mentionAt(text: string, word: string, at: number) {
    for (const length of lengths.get(fold(word)) ?? []) {
      const field = fields.get(fold(text.slice(at, at + length)))
      const next = text[at + length] ?? ''
      if (field !== undefined && !/[\p{L}\p{N}_$]/u.test(next)) return { field, start: at, end: at + length }
    }
    return null
  }

  return {
    spend,
    of(key) {
      spend(1 + key.length / perLook)
      if (!mayHold(key)) return null
      spend(perLikely)
      return fields.get(lastPart(key)) ?? fields.get(fold(key)) ?? null
    },
    mentions(text) {
      spend(1 + text.length / perLook)
      if (!mayHold(text)) return []
      spend((perLikely * text.length) / perLook)
      const found = []
      for (const match of text.matchAll(words)) {
        const mention = mentionAt(text, match[0], match.index)
        if (!mention) continue
        spend(perLikely)
        found.push(mention)
      }
      return found
    },
  }
}
