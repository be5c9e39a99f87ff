import { dirname, sep } from 'node:path'
import type { Paths } from '../ports.ts'
import {
  clientConfigurations,
  configurationFolder,
  isClientConfiguration,
  settingsFile,
} from './client-configurations.ts'
import { comparable, realPath } from './links.ts'
import type { FoundPaths } from './paths.ts'

/** The folders above `path`, nearest first, the root last. */
function above(path: string): string[] {
  const found: string[] = []
  for (let at = path; dirname(at) !== at; ) {
    at = dirname(at)
    found.push(at)
  }
  return found
}

/** What the built-in check answers; see `protectedPaths`. */
type Protection = {
  protectedPath: (found: FoundPaths, readOnly: boolean) => string | null
  decisive: (found: FoundPaths) => FoundPaths
  nearProtected: (paths: readonly string[]) => string | null
}

/** What no governed program may reach: Toolgate's own places and the configuration of this user's clients. */
export function protectedPlaces({ profile, managedPolicy, run }: Paths): string[] {
  return [profile, managedPolicy, run, ...clientConfigurations()]
}

/**
 * Builds the check behind PROTECTED_PATH (contracts.md, "built in, not overridable"). `protectedPath` says in words why a call is
 * refused: a path of it lies in Toolgate's profile or managed policy or is a client configuration; or, for a call that is not a
 * read, holds one of them; or not all of its paths could be checked. Null when there is nothing to say.
 * `decisive` is the same find with no more suspects than it takes for that answer. `nearProtected` is the first path that holds such a place: listing it is fine, a search through it would read what is inside.
 */
export function protectedPaths(places: readonly string[]): Protection {
  const guarded = new Set(places.flatMap((path) => [path, realPath(path)]).map(comparable))
  const holders = new Set([...guarded].flatMap(above))

  const longest = Math.max(...[...guarded].map((place) => place.length))

  /** Looks no further than the longest place reaches: a hostile path may have a million folders. */
  function inside(path: string): boolean {
    for (let end = path.indexOf(sep, 1); end > 0 && end <= longest; end = path.indexOf(sep, end + 1)) {
      if (guarded.has(path.slice(0, end))) return true
    }
    return guarded.has(path)
  }

  function touches(path: string, readOnly: boolean): boolean {
    const text = comparable(path)
    if (inside(text) || isClientConfiguration(text)) return true
    return !readOnly && (settingsFile.test(text) || configurationFolder.test(text))
  }

  const holds = (path: string) => holders.has(comparable(path))

  return {
    protectedPath(found, readOnly) {
      const touched =
        found.paths.find((path) => touches(path, readOnly) || (!readOnly && holds(path))) ??
        found.suspects.find((path) => touches(path, readOnly))
      if (touched !== undefined) return `\`${touched}\``
      return found.complete ? null : 'too many or too deep paths to check'
    },
    decisive(found) {
      // What no call may touch is among what only some may not, so this is the order in which they were found.
      const first = [false, true].map((readOnly) => found.suspects.find((path) => touches(path, readOnly)))
      return { ...found, suspects: [...new Set(first.filter((path) => path !== undefined))] }
    },
    nearProtected: (named) => named.find(holds) ?? null,
  }
}
