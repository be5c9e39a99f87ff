import { lstatSync, mkdirSync, rmSync } from 'node:fs'

/** Linux takes 107 bytes of socket path, macOS 103, and both cut or refuse longer ones in confusing ways. */
const longestSocketPath = 100

/** True when `path` names a Windows pipe, which is no file: none of the checks below apply to it. */
export function isPipe(path: string): boolean {
  return path.startsWith('\\\\.\\pipe\\')
}

/** Makes `folder` for this user only, or throws when what is there could be somebody else's, or open to others. */
export function claimFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Windows: the profile lies in the user's own folder, whose access list others are not on.
  if (!process.getuid) return
  const info = lstatSync(folder)
  if (!info.isDirectory()) throw new Error(`\`${folder}\` must be a folder, not a link or file; remove it`)
  if (info.uid !== process.getuid()) throw new Error(`\`${folder}\` belongs to another user; choose another profile`)
  if (info.mode & 0o077)
    throw new Error(`\`${folder}\` is open to other users; close it with \`chmod 700 '${folder}'\``)
}

/** Throws when no socket can be bound at `path` because it is too long. */
export function checkSocketPath(path: string): void {
  if (Buffer.byteLength(path) <= longestSocketPath) return
  throw new Error(
    `the socket path \`${path}\` is longer than ${longestSocketPath} bytes; choose a profile folder with a shorter path`,
  )
}

/** Removes the socket that a killed gateway left at `path`; throws when something else is there. */
export function removeStaleSocket(path: string): void {
  const info = lstatSync(path, { throwIfNoEntry: false })
  if (!info) return
  if (!info.isSocket()) throw new Error(`\`${path}\` is in the way of the gateway's socket; remove it`)
  rmSync(path)
}
