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

const separators = /[\s'"`;|&<>(){}=,]+/
const shellWord = /(?:[^\s'"`\\;|&<>(){}=,]|\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*")+/g

function unquoted(word: string): string {
  return word.includes('\\') ? word.replaceAll(/\\([\s\S])|['"]/g, '$1') : word.replaceAll(/['"]/g, '')
}

/** A word that begins as paths and addresses do, from where it begins. */
const pathWords = /(?<![^\s'"`;|&<>(){}=,])(?:[~./\\]|[a-z][\w+.-]*:[/\\])[^\s'"`;|&<>(){}=,]*/gi

function beginsLikePath(text: string): boolean {
  return looksLikePath(text) || /^[a-z][\w+.-]+:[/\\]/i.test(text)
}

/** The same of a text that is no command: only the words that begin as paths or addresses do. */
export function pathWordsIn(text: string): Set<string> {
  const found = new Set<string>()
  const add = (word: string) => {
    if (beginsLikePath(word)) found.add(word)
  }
  for (const word of text.match(pathWords) ?? []) add(word)
  for (const word of joinedIn(text)) add(word)
  return found
}

/**
 * Words of a command line, each once. Quotes, redirections and `--option=` are taken apart; where there are quotes or
 * backslashes, also as a shell joins words: `"my folder"/a`, `my\ folder/a`. Neither reading may hide what the other shows.
 */
export function wordsIn(text: string): Set<string> {
  const found = new Set(text.split(separators))
  for (const word of joinedIn(text)) found.add(word)
  found.delete('')
  return found
}

/** What stands in quotes, and words with quotes or backslashes in them as a shell reads them. */
function joinedIn(text: string): string[] {
  if (!/['"\\]/.test(text)) return []
  const quoted = (text.match(shellWord) ?? []).filter((word) => /['"\\]/.test(word))
  return [...quoted.map(unquoted), ...text.split(/['"`]/)]
}
