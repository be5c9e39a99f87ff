import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log, Paths, Secrets } from '../ports.ts'
import { openCheckpointFile } from './checkpoint-file.ts'
import { type HeadMark, openHeadMark, type ReadMark, readHeadMark } from './head-mark.ts'
import { formatKey } from './note.ts'
import { createSigningKey, loadSigningKey, type SigningKey } from './signing-key.ts'

/** The files of the checkpoints folder: head mark, copies of all checkpoints, public key. */
export function proofFiles({ checkpoints }: Pick<Paths, 'checkpoints'>): { head: string; copies: string; key: string } {
  return {
    head: join(checkpoints, 'head'),
    copies: join(checkpoints, 'checkpoints.log'),
    key: join(checkpoints, 'audit.pub'),
  }
}

/**
 * What proves the log from outside its database. When one of these writes fails, the records themselves are still whole and
 * committed, so the failure goes to the log file and the write is tried again with the next one.
 */
export type Outside = {
  key: SigningKey
  keyIsNew: boolean
  /** The mark as it was found. */
  mark: ReadMark
  /** The copies of checkpoints as they were found. */
  copies: readonly string[]
  writeMark: (mark: HeadMark) => void
  copy: (notes: readonly string[]) => void
  /** Copies what a crash left uncopied, of the stored checkpoints, newest first. */
  copyMissing: (newest: Iterable<{ note: string }>) => void
  close: () => void
}

/** Opens the signing key and the files of the checkpoints folder, making what is not there. Throws when that fails. */
export function openOutside(paths: Paths, secrets: Secrets, log: Log): Outside {
  mkdirSync(paths.checkpoints, { recursive: true, mode: 0o700 })
  const files = proofFiles(paths)
  const known = loadSigningKey(secrets)
  const key = known ?? createSigningKey(secrets)
  publishKey(files.key, `${formatKey(key.noteKey)}\n`)
  const mark = readHeadMark(files.head, key.markKey)
  const head = openHeadMark(files.head, key.markKey)
  const file = openCheckpointFile(files.copies)
  let uncopied: readonly string[] = []

  function copy(notes: readonly string[]): void {
    uncopied = [...uncopied, ...notes]
    if (uncopied.length === 0) return
    attempt(log, 'checkpoints of the audit log cannot be copied out of the database', () => {
      file.append(uncopied)
      uncopied = []
    })
  }

  return {
    key,
    keyIsNew: known === null,
    mark,
    writeMark: (next) => attempt(log, 'the head mark of the audit log cannot be written', () => head.write(next)),
    copies: file.notes,
    copy,
    copyMissing: (newest) => copy(notesNotIn(newest, file.notes)),
    close: () => attempt(log, 'the head mark of the audit log cannot be closed', head.close),
  }
}

function attempt(log: Log, message: string, fn: () => void): void {
  try {
    fn()
  } catch (error) {
    log.error(message, { error: (error as Error).message })
  }
}

/** Others check with this key what the log says, so it is only written when it changes. */
function publishKey(file: string, text: string): void {
  try {
    if (readFileSync(file, 'utf8') === text) return
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  writeFileSync(file, text, { mode: 0o600 })
}

/** Stored checkpoints newer than the newest that was copied, oldest first. */
function notesNotIn(newest: Iterable<{ note: string }>, copies: readonly string[]): string[] {
  const copied = new Set(copies)
  const notes: string[] = []
  for (const { note } of newest) {
    if (copied.has(note)) break
    notes.unshift(note)
  }
  return notes
}
