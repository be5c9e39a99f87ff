import { isAbsolute, resolve, sep } from 'node:path'
import { createFollower } from './links.ts'
import { fileUrlPath, filled, furtherSpellings, isWebAddress, spelled } from './spellings.ts'
import { type KeyKind, kindOfKey, looksLikePath, wordsIn } from './words.ts'

/**
 * What `pathsIn` found. `paths` are what the call names as paths; `suspects` are readings of its other strings, which matter only
 * when they end in a protected place. `complete` is false when a limit was met: then nobody may say that the call is harmless.
 */
export type FoundPaths = { paths: string[]; suspects: string[]; complete: boolean }

const most = { paths: 4096, suspects: 65_536, depth: 64, pathLength: 4096, nameLength: 255 }

const climbs = /(?:^|[/\\])\.\.(?:[/\\]|$)/

/** A text without any of these holds no word that looks like a path or an address. */
const wordMark = /[~./\\:$%]/

/** Prose: a first name that no file system takes, or lines where nothing said that this is a path; and no `..` to leave it again. */
function isProse(text: string, certain: boolean): boolean {
  const long = text.length > most.nameLength && text.slice(0, most.nameLength + 1).search(/[/\\]/) < 0
  return (long || (!certain && text.includes('\n'))) && !climbs.test(text)
}

/** A word that only prose and source text may use as something else than a folder: `//`, and `..` or `~/` in a text of several lines. */
function isPunctuation(word: string, text: string): boolean {
  return /^[/\\]+$/.test(word) || (/^[~./\\]+$/.test(word) && (word.length === 1 || text.includes('\n')))
}

/** Reads texts as paths from each of `bases`: with `..` folded, and where links really lead, before and after folding. */
function createReader(bases: readonly string[]) {
  const follower = createFollower(bases[0] ?? sep)
  const paths = new Set<string>()
  const suspects = new Set<string>()

  function add(path: string, certain: boolean): void {
    // The system opens nothing longer; it may still lie in a protected folder.
    if (certain && path.length <= most.pathLength) paths.add(path)
    else suspects.add(path)
  }

  function read(text: string, certain: boolean): void {
    if (isProse(text, certain)) return
    const plainWord = !certain && !/[./\\]/.test(text)
    for (const full of isAbsolute(text) ? [text] : bases.map((base) => base + sep + text)) {
      const folded = resolve(full)
      if (plainWord && !follower.exists(folded)) continue
      add(folded, certain)
      add(follower.real(folded), certain)
      if (climbs.test(text)) add(follower.real(full), certain)
    }
  }

  const full = () => paths.size > most.paths || suspects.size > most.suspects || follower.exhausted()
  return { read, full, found: () => ({ paths: [...paths], suspects: [...suspects] }) }
}

/**
 * Every path that `args` (any JSON, best all of a request's `params`) may mean, absolute, in all candidate readings (contracts.md,
 * envelope): values under path-like keys, strings and object keys that look like a path, path-like words inside longer strings
 * such as commands. Any other string is a suspect. `bases` are the folders that relative paths are read from.
 */
export function pathsIn(args: unknown, bases: readonly string[]): FoundPaths {
  const reader = createReader(bases)
  let complete = true

  function consider(text: string, named: boolean, web: boolean): void {
    const plain = spelled(text)
    const file = fileUrlPath(plain)
    if (file) reader.read(file, true)
    // An address under `path` may be read as a folder named `https:`, which only `..` leaves.
    const address = isWebAddress(plain) && (web || !climbs.test(plain))
    reader.read(plain, !file && !address && (named || looksLikePath(plain)))
    for (const other of furtherSpellings(plain, web)) reader.read(other, false)
  }

  function words(text: string, command: boolean): void {
    for (const word of wordsIn(filled(text))) {
      if (reader.full()) return
      if (!command && isPunctuation(word, text)) continue
      if (looksLikePath(word) || command || /^[a-z][\w+.-]+:[/\\]/i.test(word)) {
        consider(word, false, true)
      }
      // `-C/folder`, `@/file`, `host:/file`
      const inner = command ? word.search(/~[/\\]|\.\.[/\\]|[/\\]/) : 0
      if (inner > 0) consider(word.slice(inner), false, true)
    }
  }

  function string(text: string, key: string, { path, command }: KeyKind): void {
    if (text === '' || reader.full()) return
    consider(text, path, !path || /ur[il]s?$|href$|link$/i.test(key))
    if (command || (wordMark.test(text) && /[\s'"`=;|&<>(),]/.test(text))) words(text, command)
  }

  function visit(value: unknown, key: string, depth: number): void {
    if (typeof value === 'string') string(value, key, kindOfKey(key))
    if (typeof value !== 'object' || value === null) return
    if (depth > most.depth) {
      complete = false
      return
    }
    if (Array.isArray(value)) for (const item of value) visit(item, key, depth + 1)
    else {
      const named = kindOfKey(key).path
      for (const [name, item] of Object.entries(value)) {
        if (named || /\W/.test(name)) string(name, '', { path: named && /[/\\]/.test(name), command: false })
        visit(item, name, depth + 1)
      }
    }
  }

  visit(args, '', 0)
  return { ...reader.found(), complete: complete && !reader.full() }
}
