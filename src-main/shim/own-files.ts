import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { unreachable } from './failure.ts'

/** Bits of a file's mode that let others than its owner write it, or do anything with it. */
export const writableByOthers = 0o022
export const openToOthers = 0o077

/**
 * Refuses what another user made, or can get at. Windows: the profile lies in the user's own folder, whose access list
 * others are not on; nothing is checked there.
 */
function refuseForeign(path: string, info: Stats, forbidden: number): void {
  if (!process.getuid) return
  if (info.uid !== process.getuid()) {
    throw unreachable(`\`${path}\` belongs to another user`, 'find out who made it, then remove it')
  }
  if (info.mode & forbidden) {
    throw unreachable(`other users can get at \`${path}\``, `close it with \`chmod go-rwx '${path}'\``)
  }
}

/** Whether a folder of ours is there; throws Failure when what is there is none, or is open to others. */
export function ownFolder(path: string): boolean {
  const info = lstatSync(path, { throwIfNoEntry: false })
  if (!info) return false
  if (!info.isDirectory()) throw unreachable(`\`${path}\` is not a folder`, 'remove it')
  refuseForeign(path, info, openToOthers)
  return true
}

/** Whether a socket of ours is there; throws Failure when what is there was made by somebody else. */
export function ownSocket(path: string): boolean {
  const info = lstatSync(path, { throwIfNoEntry: false })
  if (!info) return false
  if (!info.isSocket()) throw unreachable(`\`${path}\` is not a socket`, 'remove it')
  refuseForeign(path, info, 0)
  return true
}

/** The text of a file of ours, null when there is none; throws Failure when others could have a hand in it. */
export function readOwnFile(path: string, forbidden: number): string | null {
  let fd: number
  try {
    // Not through a link; there is no such flag on Windows, where making links needs privileges.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw unreachable(`\`${path}\` cannot be read`, 'run `toolgate doctor`', { cause: error })
  }
  try {
    const info = fstatSync(fd)
    if (!info.isFile() || info.size > 65_536) throw unreachable(`\`${path}\` is not a file of Toolgate's`, 'remove it')
    refuseForeign(path, info, forbidden)
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}
