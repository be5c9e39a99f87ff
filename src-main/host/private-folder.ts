import { chmodSync, existsSync, lstatSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { UnfitHost } from './unfit-host.ts'

/**
 * Makes sure that `folder` exists and is this user's alone (0700). Throws when it is a link, belongs to somebody else,
 * or cannot be made private: whoever got there first must not read what we put into it.
 */
export function privateFolder(folder: string): void {
  makeFolder(folder)
  if (process.platform === 'win32') return
  const facts = lstatSync(folder)
  if (!facts.isDirectory()) throw new Error(`\`${folder}\` is not a folder; move it away`)
  if (facts.uid !== process.getuid?.())
    throw new Error(`\`${folder}\` belongs to another user; remove it or use another profile`)
  if ((facts.mode & 0o777) !== 0o700) chmodSync(folder, 0o700)
}

/** One level at a time: Node's own recursion never ends where a system says ENOENT to whoever may not create, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Two that start at once may both make it.
    if (code !== 'EEXIST')
      throw new UnfitHost(`\`${folder}\` cannot be created (${code})`, 'name another folder with --profile')
  }
}
