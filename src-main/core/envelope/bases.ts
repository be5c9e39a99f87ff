import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { LaunchSpec, StdioLaunch } from '../../../shared/server.ts'

/**
 * The folders that a server may read a relative path from: its own folder first, then every folder that its command line or its
 * environment names. A server that nobody registered reads from `/`, and so does one that runs elsewhere.
 */
export function basesOf(launch: LaunchSpec | undefined): readonly string[] {
  if (launch?.transport !== 'stdio') return ['/']
  const now = performance.now()
  const known = remembered.get(launch)
  if (known && now - known.at < rememberedMs) return known.bases
  const bases = look(launch)
  remembered.set(launch, { at: now, bases })
  return bases
}

/** Which words are folders is asked of the disk once in a second, not for each call. Specifications are never changed in place. */
const rememberedMs = 1000
const remembered = new WeakMap<LaunchSpec, { at: number; bases: readonly string[] }>()

function look(launch: StdioLaunch): readonly string[] {
  const named = [...launch.args, ...Object.values(launch.env)]
    .map((word) => resolve(launch.cwd, word.replace(/^--?[\w-]+=/, '')))
    .filter((path) => !path.includes('\0') && isFolder(path))
  return [...new Set([launch.cwd, ...named])]
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  } catch {
    // A word that is no path (too long, behind a closed folder) is no folder either.
    return false
  }
}
