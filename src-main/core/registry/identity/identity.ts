import { createHash } from 'node:crypto'
import { type BigIntStats, closeSync, openSync, readSync, statSync } from 'node:fs'
import { z } from 'zod'
import { ToolgateError } from '../../../../shared/errors.ts'
import type { LaunchSpec } from '../../../../shared/server.ts'
import { type IdentityView, RunFile, RunPackage } from '../../../../shared/server-identity.ts'
import { type CodeFile, codeFilesOf } from './code-files.ts'
import { packageOf, runsPackage } from './package-version.ts'

/** A file as it was approved. `mark`: what the file system says of it, by which most looks need not read it again. */
const PinnedFile = RunFile.extend({ mark: z.string() })
type PinnedFile = z.infer<typeof PinnedFile>

/** What a server consisted of when it was approved: files of code, and a package. */
export const Identity = z.strictObject({
  files: z.array(PinnedFile),
  package: RunPackage.nullable(),
  unpinned: z.array(z.string()),
})
export type Identity = z.infer<typeof Identity>

/** Finds the program of a launch. Throws SERVER_START_FAILED. */
export type FindProgram = (launch: Extract<LaunchSpec, { transport: 'stdio' }>) => string

/** Larger files are read by nobody at a start. */
const largest = 1_073_741_824n

const elsewhere: Identity = {
  files: [],
  package: null,
  unpinned: ['it runs on another machine, so only its address, what it tells and its tools are pinned'],
}

/** What a server consists of now. Throws SERVER_START_FAILED when a file of it is not there or too large to be pinned. */
export function identify(launch: LaunchSpec, programOf: FindProgram): Identity {
  if (launch.transport === 'http') return elsewhere
  const { files, unpinned } = codeFilesOf(launch, programOf(launch))
  const found = packageOf(launch)
  const fetched = runsPackage(launch)
    ? [
        found
          ? 'of the package its version is pinned, not each of its files'
          : 'which version of the package is run cannot be known before it is fetched',
      ]
    : []
  return { files: files.map(pinned), package: found, unpinned: [...unpinned, ...fetched] }
}

/** An identity as people see it. */
export function viewIdentity({ files, ...rest }: Identity): IdentityView {
  return { ...rest, files: files.map(({ mark, ...file }) => file) }
}

/**
 * What a server consists of is no longer what was approved: each difference in words; empty when all is as it was. Files are read
 * only where the file system says that they are not as they were.
 */
export function driftOf(approved: Identity, launch: LaunchSpec, programOf: FindProgram): string[] {
  if (launch.transport === 'http') return []
  try {
    const { files } = codeFilesOf(launch, programOf(launch))
    return [...fileChanges(approved.files, files), ...packageChanges(approved.package, packageOf(launch))]
  } catch (error) {
    return [error instanceof ToolgateError ? error.message : 'what it runs cannot be read']
  }
}

const roleWords = { program: 'the program', script: 'the script', loaded: 'a file that is loaded before the script' }

/** In the order of the command line, so that the first of one is compared with the first of the other. */
function fileChanges(approved: readonly PinnedFile[], now: readonly CodeFile[]): string[] {
  const changes: string[] = []
  for (let at = 0; at < Math.max(approved.length, now.length); at++) {
    const [before, after] = [approved[at], now[at]]
    if (before && after) changes.push(...fileChange(before, after))
    else if (before) changes.push(`${roleWords[before.role]} is gone: \`${before.path}\``)
    else if (after) changes.push(`${roleWords[after.role]} is new: \`${after.path}\``)
  }
  return changes
}

function fileChange(before: PinnedFile, after: CodeFile): string[] {
  const info = statSync(after.path, { bigint: true })
  const mark = markOf(info)
  if (before.path === after.path && before.mark === mark) return []
  const what = roleWords[before.role]
  // INVARIANT: nothing that grew is read at a start, so a server cannot make its own start costly.
  const sha256 = Number(info.size) === before.size ? hashOf(after.path, info) : null
  if (sha256 === before.sha256) {
    before.mark = before.path === after.path ? mark : before.mark
    return []
  }
  const place = before.path === after.path ? `\`${before.path}\`` : `from \`${before.path}\` to \`${after.path}\``
  const how = sha256
    ? `SHA-256 was ${before.sha256.slice(0, 16)}…, is ${sha256.slice(0, 16)}…`
    : `${before.size} bytes before, ${info.size} now`
  return [`${what} changed: ${place} (${how})`]
}

function packageChanges(before: RunPackage | null, now: RunPackage | null): string[] {
  if (!before || (now && now.name === before.name && now.version === before.version)) return []
  if (!now)
    return [
      `the package \`${before.name}\` ${before.version} is no longer on this machine, so another would be fetched`,
    ]
  return [`the package \`${before.name}\` was version ${before.version}, is \`${now.name}\` ${now.version}`]
}

function pinned({ role, path }: CodeFile): PinnedFile {
  const info = statSync(path, { bigint: true })
  if (info.size > largest) throw new ToolgateError('SERVER_START_FAILED', `\`${path}\` is too large to be pinned`)
  return { role, path, sha256: hashOf(path, info), size: Number(info.size), mark: markOf(info) }
}

/** Changing a file's content changes its ctime, which only the clock of the machine can set back. */
function markOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
}

/** Files that were read, by their marks: a program of 100 MiB takes 100 ms of everybody's time. */
const hashes = new Map<string, string>()
const mostHashes = 256
/** A file that was changed later than that before it was read may be changed again under the same mark: clocks of file systems are coarse. */
const settledNs = 2_000_000_000n

/** SHA-256 of a file, hex; `info`: what the file system said of it just before. */
function hashOf(path: string, info: BigIntStats): string {
  const mark = markOf(info)
  const known = hashes.get(mark)
  if (known !== undefined) return known
  const now = BigInt(Date.now()) * 1_000_000n
  const sha256 = readHash(path)
  const changed = info.ctimeNs > info.mtimeNs ? info.ctimeNs : info.mtimeNs
  if (now - changed < settledNs) return sha256
  if (markOf(statSync(path, { bigint: true })) !== mark) return sha256
  if (hashes.size >= mostHashes) hashes.clear()
  hashes.set(mark, sha256)
  return sha256
}

function readHash(path: string): string {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(1 << 20)
  const file = openSync(path, 'r')
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}
