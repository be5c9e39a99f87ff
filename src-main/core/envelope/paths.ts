import { isAbsolute, sep } from 'node:path'
import { createEffort, weightOf } from './effort.ts'
import { createFollower, folded } from './links.ts'
import { fileUrlPath, filled, furtherSpellings, isWebAddress, spelled } from './spellings.ts'
import { type KeyKind, kindOfKey, looksLikePath, pathWordsIn, wordsIn } from './words.ts'

/**
 * What `pathsIn` found. `paths` are what the call names as paths; `suspects` are readings of its other strings, which matter only
 * when they end in a protected place. `complete` is false when a limit was met: then nobody may say that the call is harmless.
 */
export type FoundPaths = { paths: string[]; suspects: string[]; complete: boolean }

const most = { paths: 4096, suspects: 65_536, texts: 4096, names: 1024, depth: 64, pathLength: 4096, nameLength: 255 }

/** What a reading, a word of a command and a new name cost however short they are, in characters read. */
const perReading = 550
const perPlainText = 30
const perPlainName = 250
const perAddress = 150
const perMatch = 80
const perPathWord = 200
const perWord = 500
const perName = 800
const perNameCharacter = 30
/** More members in one object are not looked through: listing them again and again is what takes long. */
const mostMembers = 65_536

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

/**
 * Tells plain web addresses, which no reading leads anywhere: they would be folders named `https:`, and none is there. Texts are
 * full of them, and each of the others costs a look at what lies there.
 */
function createAddresses(bases: readonly string[], exists: (path: string) => boolean) {
  const schemes = new Map<string, boolean>()
  return (text: string): boolean => {
    if (!isWebAddress(text) || /[%$\\\0]|\.\./.test(text)) return false
    const scheme = text.slice(0, text.indexOf(':') + 1)
    const known = schemes.get(scheme)
    if (known !== undefined) return known
    const plain = !bases.some((base) => exists(base + sep + scheme))
    schemes.set(scheme, plain)
    return plain
  }
}

/** Nothing but a name: no folder is named with it, nor one above. */
function isName(text: string): boolean {
  return !/[/\\]|^\.{1,2}$|^[a-z]:/i.test(text)
}

/** Reads texts as paths from each of `bases`: with `..` folded, and where links really lead, before and after folding. */
function createReader(bases: readonly string[]) {
  const follower = createFollower(bases[0] ?? sep)
  const paths = new Set<string>()
  const suspects = new Set<string>()
  /** Where the bases are, also where links lead to one. */
  const places = new Set(bases.flatMap((base) => [base, follower.real(base)]))
  /** Names that were read already, as far as that many are remembered: rows say the same few again and again. */
  const names = new Set<string>()
  let texts = 0

  function add(path: string, certain: boolean): void {
    // The system opens nothing longer; it may still lie in a protected folder.
    if (certain && path.length <= most.pathLength) paths.add(path)
    else suspects.add(path)
  }

  /** What is no path but the name of something in `base`, if that is there; a file that is not there yet may be a configuration. */
  function name(base: string, text: string): void {
    if (follower.has(base, text)) {
      add(base + sep + text, false)
      add(follower.real(base + sep + text), false)
    } else if (text.includes('.')) suspects.add(base + sep + text)
  }

  function read(text: string, certain: boolean): void {
    if (isProse(text, certain)) return
    if (!certain && isName(text)) {
      if (names.has(text)) return
      if (names.size < most.names) names.add(text)
      for (const place of places) name(place, text)
      return
    }
    texts++
    for (const full of isAbsolute(text) ? [text] : bases.map((base) => base + sep + text)) {
      const plain = folded(full)
      add(plain, certain)
      add(follower.real(plain, plain), certain)
      if (climbs.test(text)) add(follower.real(full, plain), certain)
    }
  }

  const full = () =>
    texts > most.texts || paths.size > most.paths || suspects.size > most.suspects || follower.exhausted()
  return {
    read,
    full,
    knows: (name: string) => names.has(name),
    exists: follower.exists,
    found: () => ({ paths: [...paths], suspects: [...suspects] }),
  }
}

/**
 * Every path that `args` (any JSON, best all of a request's `params`) may mean, absolute, in all candidate readings (contracts.md,
 * envelope): values under path-like keys, strings and object keys that look like a path, path-like words inside longer strings
 * such as commands. Any other string is a suspect. `bases` are the folders that relative paths are read from.
 */
export function pathsIn(args: unknown, bases: readonly string[], effort = createEffort()): FoundPaths {
  const reader = createReader(bases)
  let complete = true
  const full = () => reader.full() || effort.over()
  const kinds = new Map<string, KeyKind>()
  const isPlainAddress = createAddresses(bases, reader.exists)

  function consider(text: string, named: boolean, web: boolean, weight = weightOf(text)): void {
    if (!named && !/[~./\\:$%\0]/.test(text)) {
      if (effort.spend(reader.knows(text) ? perPlainText : perPlainName)) reader.read(text, false)
      return
    }
    if (web && effort.spend(perAddress) && isPlainAddress(text)) return
    // Escapes and backslashes make up to five further readings, escapes of escapes longer ones; `..` is folded and followed.
    const readings = (/[%\\]/.test(text) ? (text.includes('%25') ? 8 : 6) : 1) + (climbs.test(text) ? 3 : 0)
    if (!effort.spend(perReading + weight * readings)) return
    const plain = spelled(text)
    const file = fileUrlPath(plain)
    if (file) reader.read(file, true)
    // An address under `path` may be read as a folder named `https:`, which only `..` leaves.
    const address = isWebAddress(plain) && (web || !climbs.test(plain))
    reader.read(plain, !file && !address && (named || looksLikePath(plain)))
    for (const other of furtherSpellings(plain, web)) reader.read(other, false)
  }

  function words(text: string, command: boolean, weight: number): void {
    if (!effort.spend((command ? 4 : 3) * weight)) return
    const match = () => effort.spend(perMatch)
    for (const word of command ? wordsIn(filled(text), match) : pathWordsIn(filled(text), match)) {
      if (full() || !effort.spend(command ? perWord : perPathWord)) return
      if (!command && isPunctuation(word, text)) continue
      consider(word, false, true)
      // `-C/folder`, `@/file`, `host:/file`
      const inner = command ? word.search(/~[/\\]|\.\.[/\\]|[/\\]/) : 0
      if (inner > 0) consider(word.slice(inner), false, true)
    }
  }

  function string(text: string, key: string, { path, command }: KeyKind): void {
    if (text === '' || full()) return
    const weight = weightOf(text)
    consider(text, path, !path || /ur[il]s?$|href$|link$/i.test(key), weight)
    if (command || (wordMark.test(text) && /[\s'"`=;|&<>(),]/.test(text))) words(text, command, weight)
  }

  /** Names of rows come again and again; it is new ones that cost. */
  function kindOf(key: string): KeyKind {
    const known = kinds.get(key)
    if (known) return known
    const kind = effort.spend(perName + perNameCharacter * key.length)
      ? kindOfKey(key)
      : { path: false, command: false }
    kinds.set(key, kind)
    return kind
  }

  function visit(value: unknown, key: string, depth: number): void {
    if (typeof value === 'string') string(value, key, kindOf(key))
    if (typeof value !== 'object' || value === null || full()) return
    if (depth > most.depth) {
      complete = false
      return
    }
    if (Array.isArray(value)) for (const item of value) visit(item, key, depth + 1)
    else {
      const named = kindOf(key).path
      // Their names alone: pairs of them take three times as long to list.
      const members = Object.keys(value)
      if (members.length > mostMembers) complete = false
      else
        for (const name of members) {
          if (named || /\W/.test(name)) string(name, '', { path: named && /[/\\]/.test(name), command: false })
          visit((value as Record<string, unknown>)[name], name, depth + 1)
        }
    }
  }

  visit(args, '', 0)
  return { ...reader.found(), complete: complete && !full() }
}
