import type { AuditProblem } from '../../../shared/audit.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { type NoteKey, openNote, parseNote } from './note.ts'

/** A root that a checkpoint states, and where the checkpoint was found. */
export type StatedRoot = { size: number; root: Buffer; inLog: boolean; inCopies: boolean }

type Read = { size: number; root: Buffer } | { size: number | null; flaw: string }

type Notes = { checkpoints: readonly string[]; copies: readonly string[] | null; keys: readonly NoteKey[] | null }

/** Reads all checkpoints, smallest first, and reports those that are not signed with one of the keys. */
export function readNotes(
  { checkpoints, copies, keys }: Notes,
  report: (problem: AuditProblem) => void,
): readonly StatedRoot[] {
  const roots = new Map<string, StatedRoot>()
  function add(note: string, place: 'inLog' | 'inCopies', after: number): number {
    const seen = roots.get(note)
    if (seen) {
      seen[place] = true
      return seen.size
    }
    const stated = readNote(note, keys)
    if ('flaw' in stated) {
      report({ seq: stated.size ?? after + 1, kind: 'signature', message: stated.flaw })
      return after
    }
    roots.set(note, { ...stated, inLog: false, inCopies: false, [place]: true })
    return stated.size
  }
  checkpoints.reduce((after, note) => add(note, 'inLog', after), 0)
  copies?.reduce((after, note) => add(note, 'inCopies', after), 0)
  return [...roots.values()].sort((a, b) => a.size - b.size)
}

function readNote(note: string, keys: readonly NoteKey[] | null): Read {
  const claimed = parseCheckpoint(parseNote(note)?.text ?? '')
  if (!claimed) return { size: null, flaw: 'a checkpoint is not of the form that Toolgate writes' }
  const { size, root, origin } = claimed
  const signed = keys === null || (openNote(note, keys) !== null && keys.some((key) => key.name === origin))
  return signed ? { size, root } : { size, flaw: `the checkpoint of ${size} records is not signed with the key given` }
}
