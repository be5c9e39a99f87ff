import { appendFileSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { originPrefix } from './checkpoint.ts'
import { parseNote } from './note.ts'

/**
 * Reads the copies of the checkpoints outside the database: notes one after the other, a blank line between; none when
 * there is no file. What is no note is given too, except a last piece that a crash or a full disk cut off: `whole` is the
 * length in bytes of what precedes it.
 */
export function readCheckpointFile(file: string): { notes: string[]; whole: number } {
  const text = readIfThere(file)
  const pieces = text.split(startOfNote).filter((piece) => piece !== '')
  const torn = isNote(pieces.at(-1)) ? '' : (pieces.pop() ?? '')
  return {
    notes: pieces.map((piece) => piece.replace(/\n\n$/, '\n')),
    whole: Buffer.byteLength(text) - Buffer.byteLength(torn),
  }
}

/** Opens the copies to add to them. `append` throws when it cannot; what it then left half written goes with the next one. */
export function openCheckpointFile(file: string): { notes: string[]; append: (notes: readonly string[]) => void } {
  const { notes, whole } = readCheckpointFile(file)
  let length = whole
  let torn = true
  return {
    notes,
    append: (added) => {
      const text = added.map((note) => `${note}\n`).join('')
      if (torn && sizeOf(file) > length) truncateSync(file, length)
      torn = true
      appendFileSync(file, text, { mode: 0o600 })
      torn = false
      length += Buffer.byteLength(text)
    },
  }
}

const startOfNote = new RegExp(`^(?=${originPrefix})`, 'm')

function isNote(piece: string | undefined): boolean {
  return piece === undefined || (piece.endsWith('\n\n') && parseNote(piece.slice(0, -1)) !== null)
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
