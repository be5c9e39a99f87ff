import { isDeepStrictEqual } from 'node:util'
import type { AuditReport } from '../../../shared/audit.ts'
import type { Paths, Secrets } from '../ports.ts'
import { auditReader, openToRead } from '../store/audit-table.ts'
import { readCheckpointFile } from './checkpoint-file.ts'
import { readHeadMark } from './head-mark.ts'
import { journalFile, readJournal } from './journal.ts'
import { readKeys } from './key-file.ts'
import type { NoteKey } from './note.ts'
import { proofFiles } from './outside.ts'
import { loadSigningKey } from './signing-key.ts'
import { type Evidence, verify } from './verify.ts'

/**
 * Verifies the log in a database file and the journal beside it, only reading them: a gateway may have them open. Damage of
 * the file is a finding too.
 */
export function verifyDatabase(file: string, given: Omit<Evidence, 'entries' | 'checkpoints'>): AuditReport {
  try {
    const ahead = readJournal(journalFile(file))
    const db = openToRead(file)
    try {
      const reader = auditReader(db, ahead)
      // Checkpoints and records of one moment, whatever a gateway appends meanwhile.
      reader.hold()
      const checkpoints = reader.checkpoints().map(({ note }) => String(note))
      return verify({ ...given, checkpoints, entries: reader.every() })
    } finally {
      db.close()
    }
  } catch (error) {
    const message = `the database cannot be read: ${(error as Error).message}`
    const problems = [{ seq: 1, kind: 'unreadable' as const, message }]
    return { ok: false, entries: 0, checkpoints: 0, first_bad: 1, problems, unchecked: [] }
  }
}

/**
 * Verifies the log of a profile with all that lies beside it, whether its gateway runs or not. With the secrets also the
 * seal of the head mark, and the signatures against the key itself rather than the public key that lies in the profile.
 */
export function verifyProfile(paths: Pick<Paths, 'database' | 'checkpoints'>, secrets?: Secrets): AuditReport {
  const files = proofFiles(paths)
  const key = secrets ? loadSigningKey(secrets) : null
  const readMark = () => readHeadMark(files.head, key?.markKey ?? null)
  for (let attempts = 3; ; attempts--) {
    // What lies outside before the database: appends come the other way round.
    const mark = readMark()
    const report = verifyDatabase(paths.database, {
      copies: readCheckpointFile(files.copies).notes,
      keys: key ? [key.noteKey] : publishedKeys(files.key),
      mark,
      sealChecked: key !== null,
    })
    // A gateway that started in between has reopened a log that the mark called closed.
    if (report.ok || attempts === 0 || isDeepStrictEqual(mark, readMark())) return report
  }
}

/** Without a key that can be read no signature counts. */
function publishedKeys(file: string): NoteKey[] {
  try {
    return readKeys(file)
  } catch {
    return []
  }
}
