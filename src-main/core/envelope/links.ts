import { lstatSync, opendirSync, readlinkSync, realpathSync } from 'node:fs'
import { platform } from 'node:os'
import { basename, dirname, isAbsolute, parse, resolve, sep } from 'node:path'

const windows = platform() === 'win32'
const caseless = windows || platform() === 'darwin'
const separators = windows ? /[/\\]/ : '/'

/** What a system follows before it gives up is 40; programs that follow links themselves go further, so we refuse there. */
const mostLinks = 40

const climbs = /(?:^|[/\\])\.\.(?:[/\\]|$)/

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ascii = /^[\x00-\x7f]*$/

/** The form under which paths are compared: one Unicode composition, and one case where the file system does not tell cases apart. */
export function comparable(path: string): string {
  // Letters of ASCII have one composition, and to ask for it takes long.
  const composed = ascii.test(path) ? path : path.normalize('NFC')
  if (!caseless) return composed
  const folded = composed.toUpperCase().toLowerCase().normalize('NFC')
  // Windows drops dots and spaces at the end of a name, and opens `name::$DATA` as `name`.
  return windows ? folded.replace(/^\\\\[?.]\\/, '').replaceAll(/(?<=[^:\\]{2}):[^\\]*|[. ]+(?=\\|$)/g, '') : folded
}

/** Follows links for one call, looking at each place once. `exhausted` tells that it stopped before it knew. */
export type Follower = {
  /** `plain`: the same path folded, by who knows it already. */
  real: (path: string, plain?: string | null) => string
  exists: (path: string) => boolean
  /** Whether a folder holds a name, which has no slash. */
  has: (folder: string, name: string) => boolean
  exhausted: () => boolean
}

/** What lies there: a link's target, true for anything else, false for nothing that we can see. */
function look(path: string): string | boolean {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (!found) return false
    return found.isSymbolicLink() ? readlinkSync(path) : true
  } catch {
    // A name too long or a folder closed to this user: a server that runs as this user gets no further either.
    return false
  }
}

/** The system's own spelling of a path that exists: long names for short ones, the case on disk. */
function proper(path: string): string {
  if (!caseless) return path
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}

/** Asked for more names than this in one folder, we list it: most of them will not be there. */
const listedAfter = 64

/** Folders with more in them are not listed. */
const mostListed = 4096

/** The names in a folder, null when there are too many. Throws when it cannot be listed. */
function namesIn(folder: string): Set<string> | null {
  const names = new Set<string>()
  const open = opendirSync(folder, { bufferSize: 512 })
  try {
    for (let entry = open.readSync(); entry; entry = open.readSync()) {
      names.add(comparable(entry.name))
      if (names.size > mostListed) return null
    }
    return names
  } finally {
    open.closeSync()
  }
}

/** Tells names that are certainly not in a folder, without a look at each, once many were asked for. */
function createListings() {
  const asked = new Map<string, number>()
  const listed = new Map<string, Set<string> | null>()
  return (folder: string, name: string): boolean => {
    const times = (asked.get(folder) ?? 0) + 1
    asked.set(folder, times)
    // Folders of processes hold more than they list.
    if (times <= listedAfter || folder.startsWith('/proc')) return false
    let names = listed.get(folder)
    if (names === undefined) {
      try {
        names = namesIn(folder)
      } catch {
        names = null
      }
      listed.set(folder, names)
    }
    return names !== null && !names.has(comparable(name))
  }
}

/**
 * Longer paths are opened by no system. They may still lie in a protected folder, or lead back out of where nobody sees: so they are
 * folded to their end, by ourselves since `resolve` copies what it has at each `..`, and then cut, since only their beginning matters.
 */
const longPath = 4096

/** The root of an absolute path; `parse` would read all of it. */
function rootOf(path: string): string {
  return windows ? parse(path.slice(0, longPath)).root : path.startsWith('/') ? '/' : ''
}

/** The absolute `path` with its `..` folded, as `resolve` does it; of what is longer than any system opens only the beginning. */
export function folded(path: string): string {
  if (path.length < longPath) return resolve(path)
  const root = rootOf(path)
  const kept: string[] = []
  for (const name of path.slice(root.length).split(separators)) {
    if (name === '..') kept.pop()
    else if (name !== '' && name !== '.') kept.push(name)
  }
  const top = resolve(root)
  let plain = top.endsWith(sep) ? top.slice(0, -1) : top
  for (const name of kept) {
    plain += sep + name
    if (plain.length > 2 * longPath) return plain.slice(0, 2 * longPath)
  }
  return plain === '' ? top : plain
}

/** The link by which a process finds its own folder; it leads us to ours. */
const ownFolder = new RegExp(`^/proc/${process.pid}(?:/task/\\d+)?/cwd$`)

/** A follower that looks at no more than `limit` places, for a process whose own folder is `cwd`. */
export function createFollower(cwd: string, limit = 4096): Follower {
  const known = new Map<string, string | boolean>()
  const lacks = createListings()
  let exhausted = false

  function at(folder: string, name: string): string | boolean {
    const path = folder.endsWith(sep) ? folder + name : folder + sep + name
    const seen = known.get(path)
    if (seen !== undefined) return seen
    if (lacks(folder, name)) return false
    if (known.size >= limit) {
      exhausted = true
      return false
    }
    const found = path.endsWith('/cwd') && ownFolder.test(path) ? cwd : look(path)
    known.set(path, found)
    return found
  }

  /** The same for a path without `..`, as far as nothing is there: then nothing needs to be taken apart. Null when something is. */
  function nowhere(path: string): string | null {
    const root = rootOf(path)
    const end = path.indexOf(sep, root.length)
    const first = path.slice(root.length, end < 0 ? undefined : end)
    if (windows || first === '' || climbs.test(path) || at(root, first) !== false) return null
    return exhausted ? null : folded(path)
  }

  /**
   * Component by component, as a system does it: a link is followed before the `..` behind it, also one that leads nowhere yet. `plain` is
   * the path folded, when the caller has it.
   */
  function real(path: string, plain: string | null, followed = 0): string {
    let links = followed
    let here = rootOf(path)
    const todo = path.slice(here.length).split(separators).reverse()
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (name === '' || name === '.') continue
      if (name === '..') {
        here = dirname(here)
        continue
      }
      const entry = at(here, name)
      if (typeof entry === 'string') {
        if (++links > mostLinks) {
          exhausted = true
          return here
        }
        if (isAbsolute(entry)) here = rootOf(entry)
        todo.push(
          ...entry
            .slice(isAbsolute(entry) ? here.length : 0)
            .split(separators)
            .reverse(),
        )
      } else if (entry) here = here.endsWith(sep) ? here + name : here + sep + name
      else return missing(here, name, todo, links, links === 0 ? plain : null)
    }
    return proper(here)
  }

  /** Nothing is there: the rest (last first) is as written, and `..` in it leads back to places that may be links again. */
  function missing(here: string, name: string, todo: string[], links: number, known: string | null): string {
    // Where no link was followed, folding all gives the same as folding the rest.
    const plain = known ?? folded(proper(here) + sep + [name, ...todo.toReversed()].join(sep))
    if (!todo.includes('..')) return plain
    if (links >= mostLinks) exhausted = true
    return exhausted ? plain : real(plain, plain, links + 1)
  }

  const exists = (path: string) => at(dirname(path), basename(path)) !== false
  return {
    real: (path, plain = null) => nowhere(path) ?? real(path, plain),
    exists,
    has: (folder, name) => at(folder, name) !== false,
    exhausted: () => exhausted,
  }
}

/** The real path of `path`, following every link, also those that lead nowhere yet; what does not exist is kept as written. */
export function realPath(path: string): string {
  return createFollower(sep).real(path)
}
