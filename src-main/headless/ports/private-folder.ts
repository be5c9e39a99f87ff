import { chmodSync, lstatSync, mkdirSync } from 'node:fs'

/**
 * Makes sure that `folder` exists and is this user's alone (0700). Throws when it is a link, belongs to somebody else,
 * or cannot be made private: whoever got there first must not read what we put into it.
 */
export function privateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (process.platform === 'win32') return
  const facts = lstatSync(folder)
  if (!facts.isDirectory()) throw new Error(`\`${folder}\` is not a folder; move it away`)
  if (facts.uid !== process.getuid?.())
    throw new Error(`\`${folder}\` belongs to another user; remove it or use another profile`)
  if ((facts.mode & 0o777) !== 0o700) chmodSync(folder, 0o700)
}
