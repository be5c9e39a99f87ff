import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import type { HostRecord } from '../../shared/link.ts'
import { replaceFile } from '../core/private-file.ts'
import { hostRecordFile } from '../shim/profile.ts'

/**
 * Writes down how this host is started again, for shims that find no gateway. All or nothing, for this user alone: shims run
 * what it says. Throws when a path in it is not absolute, which would let the folder of a client decide what runs.
 */
export function writeHostRecord(profile: string, record: HostRecord): void {
  for (const path of [record.command, record.cwd]) {
    if (!isAbsolute(path)) throw new Error(`\`${path}\` is not an absolute path`)
  }
  replaceFile(hostRecordFile(profile), `${JSON.stringify(record)}\n`)
}

const absolute = z.string().refine(isAbsolute)
const Recorded = z.object({ command: absolute, args: z.array(z.string()), cwd: absolute, path: z.string() })

/** How the host that ran last on this profile is started; null when there is none, or others than this user can have written it. */
export function readHostRecord(profile: string): HostRecord | null {
  try {
    const fd = openSync(hostRecordFile(profile), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    try {
      const facts = fstatSync(fd)
      if (process.getuid && (facts.uid !== process.getuid() || (facts.mode & 0o022) !== 0)) return null
      return Recorded.parse(JSON.parse(readFileSync(fd, 'utf8')))
    } finally {
      closeSync(fd)
    }
  } catch {
    // Missing or damaged: the next host writes it anew.
    return null
  }
}
