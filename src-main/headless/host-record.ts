import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { HostRecord } from '../../shared/link.ts'
import { hostRecordFile } from '../shim/profile.ts'

/**
 * Writes down how this host is started again, for shims that find no gateway. All or nothing, for this user alone: shims run
 * what it says. Throws when a path in it is not absolute, which would let the folder of a client decide what runs.
 */
export function writeHostRecord(profile: string, record: HostRecord): void {
  for (const path of [record.command, record.cwd]) {
    if (!isAbsolute(path)) throw new Error(`\`${path}\` is not an absolute path`)
  }
  const file = hostRecordFile(profile)
  const fresh = `${file}.${randomBytes(8).toString('hex')}.new`
  try {
    const fd = openSync(fresh, 'wx', 0o600)
    try {
      writeFileSync(fd, `${JSON.stringify(record)}\n`)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}
