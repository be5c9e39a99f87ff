import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { realOf } from './links.ts'
import { liesInAny } from './plan.ts'

/** What a sandbox keeps from its process. All paths are real ones and there. */
export type HiddenPlaces = {
  folders: string[]
  files: string[]
  /** Folders in which nothing may change, since what is to be hidden is not there yet and could be made. */
  sealed: string[]
}

/** Folders that hold much besides: sealing one would break what has nothing to do with a client. */
const shared = (folder: string) => folder === homedir() || folder === dirname(folder) || /[/\\]\.config$/.test(folder)

/** Looks where protected places are right now, by their real paths, so that no link leads around them. */
export function hiddenPlaces(places: readonly string[]): HiddenPlaces {
  const found: HiddenPlaces = { folders: [], files: [], sealed: [] }
  for (const place of new Set(places)) {
    const real = realOf(place)
    if (real !== null) (statSync(real).isDirectory() ? found.folders : found.files).push(real)
    else if (existsSync(dirname(place)) && !shared(dirname(place))) found.sealed.push(realOf(dirname(place)) ?? '')
  }
  const folders = found.folders.filter((folder) => !liesInAny(dirname(folder), found.folders))
  const apart = (paths: string[]) =>
    [...new Set(paths)].filter((path) => path !== '' && path !== '/' && !liesInAny(path, folders)).sort()
  return { folders: [...new Set(folders)].sort(), files: apart(found.files), sealed: apart(found.sealed) }
}

/** Every folder above what is hidden or sealed, the root apart: who may rename one of these may put something else in their place. */
export function foldersAbove({ folders, files, sealed }: HiddenPlaces): string[] {
  const above = new Set<string>()
  for (const place of [...folders, ...files, ...sealed]) {
    for (let at = dirname(place); dirname(at) !== at; at = dirname(at)) above.add(at)
  }
  return [...above].sort()
}
