import { closeSync, constants, fstatSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Secrets } from '../core/ports.ts'
import { replaceFile, syncFolder } from '../core/private-file.ts'
import { privateFolder } from './private-folder.ts'

const sizeLimit = 64 * 1024

/**
 * Secrets as files that only this user can read, one per name, in `folder`. Reading one that is a link, belongs to
 * somebody else or can be read by others throws: it counts as known to them. Writing is all or nothing.
 */
export function fileSecrets(folder: string): Secrets {
  const fileOf = (name: string) => {
    if (!/^[a-z0-9][a-z0-9._-]{0,127}$/i.test(name)) throw new Error(`\`${name}\` cannot be the name of a secret`)
    return join(folder, name)
  }
  return {
    get(name) {
      const file = fileOf(name)
      let fd: number
      try {
        // O_NOFOLLOW does not exist on Windows, where it is 0 here and links need privileges to make.
        fd = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
        throw error
      }
      try {
        refuseLoose(file, fd)
        return readFileSync(fd)
      } finally {
        closeSync(fd)
      }
    },
    set(name, value) {
      const file = fileOf(name)
      privateFolder(folder)
      replaceFile(file, value)
      syncFolder(folder)
    },
    delete(name) {
      rmSync(fileOf(name), { force: true })
    },
  }
}

function refuseLoose(file: string, fd: number): void {
  const facts = fstatSync(fd)
  if (!facts.isFile() || facts.size > sizeLimit) throw new Error(`\`${file}\` is not a key file; remove it`)
  if (process.platform === 'win32') return
  if (facts.uid !== process.getuid?.()) throw new Error(`\`${file}\` belongs to another user; remove it`)
  if ((facts.mode & 0o077) !== 0) {
    throw new Error(`\`${file}\` can be read by other users; replace what it protects, then run \`chmod 600\` on it`)
  }
}
