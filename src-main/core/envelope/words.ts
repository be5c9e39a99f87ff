const pathWord =
  /^(?:file|dir|cwd|pwd|root|uri|url|href|src|source|dest|dst|destination|target|location)s?$|(?:path|pathname|filename|dir|directory|directories|folder)s?$|^(?:in|out|input|output|src|source|dest|target|log|text|data|config|key)files?$/
const commandWord =
  /^(?:command|cmd|cmdline|commandline|shell|bash|sh|powershell|exec|execute|run|script|argv|args|arguments|code|program)s?$/

/** The words of a member's name, lower case: `sourcePath`, `source_path` and `source-path` are the same two. */
function wordsOf(key: string): string[] {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
}

/** What the name of a member says of its value: that it is probably a path or a URL, a command or a program. */
export type KeyKind = { path: boolean; command: boolean }

const noName: KeyKind = { path: false, command: false }

/** Names are few and come with every call; hostile ones are not remembered beyond this. */
const kinds = new Map<string, KeyKind>()
const most = { names: 1000, length: 64 }

/** What a member of this name probably holds. */
export function kindOfKey(key: string): KeyKind {
  if (key === '') return noName
  const known = kinds.get(key)
  if (known) return known
  const words = wordsOf(key)
  const kind = {
    path: words.some((word) => pathWord.test(word)),
    command: words.some((word) => commandWord.test(word)),
  }
  if (key.length <= most.length && kinds.size < most.names) kinds.set(key, kind)
  return kind
}

/** True for a text that begins as paths begin. */
export function looksLikePath(text: string): boolean {
  return /^(~|\.{1,2})?[/\\]|^(~|\.{1,2})$|^~[\w.-]+[/\\]|^[a-z]:[/\\]|^file:/i.test(text)
}

const unseparated = /[^\s'"`;|&<>(){}=,]+/g
const quoteMark = /['"`]/g
const pathBeginning = /[~./\\]|[a-z][\w+.-]*:/iy
/** Where a word begins that a shell would join, and what ends one. */
const joint = /['"\\]/g
const separator = /[\s'"`\\;|&<>(){}=,]/
const shellWord = /(?:[^\s'"`\\;|&<>(){}=,]|\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*")+/y

function unquoted(word: string): string {
  return word.includes('\\') ? word.replaceAll(/\\([\s\S])|['"]/g, '$1') : word.replaceAll(/['"]/g, '')
}

/** A word that begins as paths and addresses do, from where it begins. */
const pathWords = /(?<![^\s'"`;|&<>(){}=,])(?:[~./\\]|[a-z][\w+.-]*:[/\\])[^\s'"`;|&<>(){}=,]*/gi

function beginsLikePath(text: string): boolean {
  return looksLikePath(text) || /^[a-z][\w+.-]+:[/\\]/i.test(text)
}

/** Told of each match before it is looked at; false ends the search. */
type Spend = () => boolean

/** The same of a text that is no command: only the words that begin as paths or addresses do. Found while they are asked for. */
export function* pathWordsIn(text: string, spend: Spend): Generator<string> {
  const found = new Set<string>()
  for (const words of [matchesIn(pathWords, text), joinedIn(text, mayBeginPath)]) {
    for (const word of words) {
      if (!spend()) return
      if (!beginsLikePath(word) || found.has(word)) continue
      found.add(word)
      yield word
    }
  }
}

/**
 * Words of a command line, each once, found while they are asked for: who has heard enough pays for no more. Quotes, redirections and
 * `--option=` are taken apart; where there are quotes or backslashes, also as a shell joins words: `"my folder"/a`, `my\ folder/a`.
 * Neither reading may hide what the other shows.
 */
export function* wordsIn(text: string, spend: Spend): Generator<string> {
  const found = new Set<string>([''])
  for (const words of [matchesIn(unseparated, text), joinedIn(text)]) {
    for (const word of words) {
      if (!spend()) return
      if (found.has(word)) continue
      found.add(word)
      yield word
    }
  }
}

/** What a global pattern matches, one after the other. The place is kept here, so that two may read with the same pattern. */
function* matchesIn(pattern: RegExp, text: string): Generator<string> {
  for (let at = 0; ; ) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match) return
    at = match.index + match[0].length
    yield match[0]
  }
}

/** Whether a path or an address may begin at `at`. */
function mayBeginPath(text: string, at: number): boolean {
  pathBeginning.lastIndex = at
  return pathBeginning.test(text)
}

/**
 * Words with quotes or backslashes in them as a shell reads them, and what stands in quotes. `wanted` says where the latter are worth being
 * told: copies of all that is quoted would be most of the work.
 */
function* joinedIn(text: string, wanted: (text: string, at: number) => boolean = () => true): Generator<string> {
  if (!/['"\\]/.test(text)) return
  yield* quotedWords(text)
  for (let at = 0; at <= text.length; ) {
    quoteMark.lastIndex = at
    const end = quoteMark.exec(text)?.index ?? text.length
    if (wanted(text, at)) yield text.slice(at, end)
    at = end + 1
  }
}

/** A word is looked for around a quote or a backslash alone: most texts hold few. */
function* quotedWords(text: string): Generator<string> {
  let end = 0
  for (;;) {
    joint.lastIndex = end
    const mark = joint.exec(text)
    if (!mark) return
    let start = mark.index
    while (start > end && !separator.test(text[start - 1] as string)) start--
    shellWord.lastIndex = start
    const word = shellWord.exec(text)?.[0] ?? ''
    // A quote that never closes is no part of any word.
    end = Math.max(start + word.length, mark.index + 1)
    if (start + word.length > mark.index) yield unquoted(word)
  }
}
