import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, type Stats } from 'node:fs'
import { join, sep } from 'node:path'
import type { PolicyProblem } from '../../../shared/policy-view.ts'
import type { PolicyFile } from '../policy/rule.ts'

/** Why a file or folder is not taken as policy. */
export type Wrong = Pick<PolicyProblem, 'message' | 'expected' | 'suggestion'>

const largestFile = 1024 * 1024

/**
 * The text of a file in `folder` (a real path), or why it is not taken. Checks look at the opened file, so that it cannot be
 * swapped after them; links may lead about inside the folder, not out of it.
 */
export function readTrustedFile(folder: string, name: string, origin: PolicyFile['origin']): string | Wrong {
  let descriptor: number | null = null
  try {
    const real = realpathSync(join(folder, name))
    if (!real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return leadsElsewhere
    // Without these, a link put here in this instant would be followed, and a named pipe would be waited for.
    const careful = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
    descriptor = openSync(real, constants.O_RDONLY | careful)
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) return notAFile
    if (stats.size > largestFile) return tooLarge
    return distrust(stats, origin, 'file') ?? decode(readFileSync(descriptor))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    return { message: `the file cannot be read (${code})`, expected: 'a readable file', suggestion: 'check the file' }
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

function decode(bytes: Buffer): string | Wrong {
  if (bytes.length > largestFile) return tooLarge
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { message: 'the file is not UTF-8 text', expected: 'UTF-8 text', suggestion: 'save the file as UTF-8' }
  }
}

/**
 * Why others could have written a file or folder, or null. What is local must be this user's and not writable by everybody;
 * what is the organisation's must be the administrator's or this user's and writable by its owner alone. Where the platform
 * knows no owners and modes (Windows), its access rules on the folder are all there is.
 */
export function distrust(stats: Stats, origin: PolicyFile['origin'], kind: 'file' | 'folder'): Wrong | null {
  const me = process.getuid?.()
  if (me === undefined) return null
  const theirs = origin === 'org'
  if (stats.uid !== me && !(theirs && stats.uid === 0)) {
    return {
      message: `the ${kind} belongs to somebody else`,
      expected: theirs ? 'the administrator or this user as the owner' : 'this user as the owner',
      suggestion: `change its owner, or remove the ${kind}`,
    }
  }
  if ((stats.mode & (theirs ? 0o022 : 0o002)) === 0) return null
  return {
    message: `the ${kind} can be changed by others`,
    expected: theirs ? 'write permission for the owner only' : 'no write permission for everybody',
    suggestion: `run \`chmod ${theirs ? 'go-w' : 'o-w'}\` on the ${kind}`,
  }
}

const leadsElsewhere: Wrong = {
  message: 'the file is a link that leads out of the policy folder',
  expected: 'a file inside the policy folder',
  suggestion: 'put a copy of the file in place of the link',
}
const notAFile: Wrong = {
  message: 'this is not a file',
  expected: 'a YAML file',
  suggestion: 'remove it, or rename it',
}
const tooLarge: Wrong = {
  message: 'the file is larger than 1 MiB',
  expected: 'at most 1 MiB in a file',
  suggestion: 'split the file',
}
