import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { syncFolder, writeNewFile } from '../private-file.ts'

/** What lies at a path: its bytes, and what a change of it must keep. `hash` is null for a file that is not there. */
export type FoundFile = {
  path: string
  real: string
  bytes: Buffer
  hash: string | null
  mode: number
  owner: [number, number] | null
}

/** A file that cannot be read or changed here; its message says why. */
export class UnusableFile extends Error {}

/** A file was no longer what it was when somebody looked at it. */
export class FileChanged extends UnusableFile {}

/** SHA-256 of bytes, in hex. */
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Far more than any client's configuration. */
const maxBytes = 16 * 1024 * 1024

/** Reads a configuration file, through links. Throws when it cannot be read, is no plain file, or is too long. */
export function readConfigFile(path: string): FoundFile {
  const real = realOf(path)
  let fd: number
  try {
    fd = openSync(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { path, real, bytes: Buffer.alloc(0), hash: null, mode: 0o600, owner: null }
  }
  try {
    const facts = fstatSync(fd)
    if (!facts.isFile()) throw new UnusableFile(`\`${path}\` is no plain file`)
    if (facts.size > maxBytes) throw new UnusableFile(`\`${path}\` is longer than 16 MiB`)
    const bytes = readFileSync(fd)
    return { path, real, bytes, hash: hashOf(bytes), mode: facts.mode & 0o7777, owner: [facts.uid, facts.gid] }
  } finally {
    closeSync(fd)
  }
}

/** Where a path leads; of a link to nothing, where it would. */
function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
      throw new UnusableFile(`\`${path}\` is a link to nothing`)
    return path
  }
}

/**
 * Replaces a file by new bytes, all or nothing, with its permissions, when it is still what `found` says; else throws
 * `FileChanged` and leaves it. A program that had the file open and wrote into it meanwhile is noticed too: then it gets its file
 * back, and this throws as well. `step` is called before each thing that is done to the disk, for tests that stop there.
 */
export function replaceConfigFile(found: FoundFile, bytes: Buffer, step: (name: string) => void = () => {}): void {
  const { real } = found
  const folder = dirname(real)
  const suffix = randomBytes(6).toString('hex')
  const [fresh, old] = ['new', 'old'].map((kind) => join(folder, `.${basename(real)}.toolgate-${suffix}.${kind}`)) as [
    string,
    string,
  ]
  step('folder')
  if (found.hash === null) mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    step('write')
    writeFresh(fresh, bytes, found)
    step('check')
    if (found.hash === null) {
      // Fails when a file has come there meanwhile.
      putNew(fresh, real)
    } else {
      step('keep')
      keep(found, old)
      if (hashOf(readFileSync(old)) !== found.hash) throw new FileChanged(`\`${found.path}\` was changed meanwhile`)
      step('rename')
      renameSync(fresh, real)
      step('look back')
      giveBack(found, old, bytes)
    }
    step('flush')
    syncFolder(folder)
  } finally {
    rmSync(fresh, { force: true })
    rmSync(old, { force: true })
  }
}

function writeFresh(file: string, bytes: Buffer, { mode, owner }: FoundFile): void {
  writeNewFile(file, bytes)
  if (owner && process.getuid?.() === 0) chownSync(file, ...owner)
  chmodSync(file, mode)
}

/** A second name for the file as it is. It is gone for the system while a client puts another in its place. */
function keep({ path, real }: FoundFile, old: string): void {
  try {
    linkSync(real, old)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new FileChanged(`\`${path}\` was changed meanwhile`)
    throw error
  }
}

function putNew(fresh: string, real: string): void {
  try {
    linkSync(fresh, real)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new FileChanged(`\`${real}\` has come there meanwhile`)
    throw error
  }
}

/** What was written into the old file after it was looked at is its writer's newest word. */
function giveBack(found: FoundFile, old: string, ours: Buffer): void {
  if (hashOf(readFileSync(old)) === found.hash) return
  const now = readConfigFile(found.real)
  if (now.hash === hashOf(ours)) renameSync(old, found.real)
  throw new FileChanged(`\`${found.path}\` was changed meanwhile`)
}

/** Takes a file away that is still what `found` says; else throws `FileChanged`. */
export function removeConfigFile(found: FoundFile): void {
  if (readConfigFile(found.path).hash !== found.hash) throw new FileChanged(`\`${found.path}\` was changed meanwhile`)
  rmSync(found.real)
}
