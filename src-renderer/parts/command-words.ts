/** A command line as the words that would run, what keeps it from running, and what a shell would have done otherwise. */
export type CommandWords = { words: string[]; problem: string | null; remarks: string[] }

/** Signs that a shell would act on and that reach the program as they are here. */
const shellSigns = /[|&;<>()$`*?[\]{}]/

/**
 * Splits a command line into words without any shell: blanks part words, quotes keep them together, a backslash keeps a
 * blank, a quote or another backslash; everything else, `$` and `~` included, stays as it is written.
 */
export function commandWords(line: string): CommandWords {
  const words: string[] = []
  const signs = new Set<string>()
  let word: string | null = null
  let quote: string | null = null
  let homes = false
  const characters = [...line]
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? ''
    const next = characters[at + 1]
    if (quote !== null && character === quote) quote = null
    else if (character === '\\' && quote !== "'" && next !== undefined && isKept(next, quote)) {
      word = (word ?? '') + next
      at += 1
    } else if (quote === null && (character === '"' || character === "'")) {
      quote = character
      word ??= ''
    } else if (quote === null && /\s/.test(character)) {
      if (word !== null) words.push(word)
      word = null
    } else {
      if (quote === null && shellSigns.test(character)) signs.add(character)
      if (quote === null && word === null && character === '~') homes = true
      word = (word ?? '') + character
    }
  }
  if (word !== null) words.push(word)
  const problem = quote === null ? null : `A quote (${quote}) is not closed.`
  return { words, problem, remarks: remarksOn(words, signs, homes) }
}

function isKept(next: string, quote: string | null): boolean {
  return quote === '"' ? next === '"' || next === '\\' : /[\s"'\\]/.test(next)
}

function remarksOn(words: readonly string[], signs: ReadonlySet<string>, homes: boolean): string[] {
  const remarks: string[] = []
  const [first = ''] = words
  if (/^\w+=/.test(first)) {
    remarks.push(`\`${first}\` would be taken for the program: put variables under environment variables.`)
  }
  if (homes) remarks.push('`~` is not replaced by your home folder: write the whole path.')
  if (signs.size > 0) {
    const shown = [...signs].map((sign) => (sign === '`' ? 'a backtick' : `\`${sign}\``)).join(' ')
    remarks.push(`No shell reads this: ${shown} ${signs.size === 1 ? 'goes' : 'go'} to the program as written.`)
  }
  return remarks
}
