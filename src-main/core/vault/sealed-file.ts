import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { replaceFile, syncFolder } from '../private-file.ts'
import { seal, unseal } from './seal.ts'

/** How a sealed file begins: format 1, AES-256-GCM. */
const mark = Buffer.from('toolgate-sealed-1\n')
const sizeLimit = 1024 * 1024

/** Writes `value` sealed with `key` (32 bytes) and bound to `name`, all or nothing, for this user only. */
export function writeSealed(file: string, name: string, key: Buffer, value: Buffer): void {
  const bytes = Buffer.concat([mark, seal(name, key, value)])
  // What could not be read again must not be taken for kept.
  if (bytes.length > sizeLimit) throw new Error('it is too long to be kept')
  replaceFile(file, bytes)
  syncFolder(dirname(file))
}

/** What a sealed file holds; null when there is none. Throws when it is no such file, of another key or name, or was changed. */
export function readSealed(file: string, name: string, key: Buffer): Buffer | null {
  const bytes = readWhole(file)
  if (!bytes) return null
  if (!bytes.subarray(0, mark.length).equals(mark)) throw new Error('it is no sealed file')
  return unseal(name, key, bytes.subarray(mark.length))
}

function readWhole(file: string): Buffer | null {
  let fd: number
  try {
    // O_NOFOLLOW does not exist on Windows, where it is 0 here and links need privileges to make.
    fd = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    const facts = fstatSync(fd)
    if (!facts.isFile() || facts.size > sizeLimit) throw new Error('it is no sealed file')
    return readFileSync(fd)
  } finally {
    closeSync(fd)
  }
}
