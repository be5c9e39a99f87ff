import { randomBytes } from 'node:crypto'
import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** Makes a file that is not there yet, for this user alone; its bytes are on the disk once this returns. Throws EEXIST. */
export function writeNewFile(file: string, bytes: string | Uint8Array): void {
  const fd = openSync(file, 'wx', 0o600)
  try {
    writeFileSync(fd, bytes)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Writes a file for this user alone, all or nothing; `syncFolder` makes that it is this one survive a power cut as well. */
export function replaceFile(file: string, bytes: string | Uint8Array): void {
  const fresh = `${file}.${randomBytes(8).toString('hex')}.new`
  try {
    writeNewFile(fresh, bytes)
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}

/** Makes what was renamed or made in a folder survive a power cut; Windows has no such call for folders. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, constants.O_RDONLY)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
