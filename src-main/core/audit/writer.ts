import type { EntryInput, StoredEntry } from '../../../shared/audit.ts'
import type { Clock } from '../ports.ts'
import type { CheckpointRow, EntryGroup, NewEntryRow, SaltRow } from '../store/audit-table.ts'
import { seal, searchColumns } from './chain.ts'
import { checkpointEvery, formatCheckpoint } from './checkpoint.ts'
import { addLeaf, leafHash, rootOf } from './merkle.ts'
import { signNote } from './note.ts'
import { type OpenCalls, type Recovered, track } from './recover.ts'
import type { SigningKey } from './signing-key.ts'
import type { Position } from './walk.ts'

type WriterDeps = { key: SigningKey; clock: Clock }

/** What to write: entries, salts that belong to them, and whether to sign a checkpoint before its time. */
type Batch = { entries: readonly EntryInput[]; salts: readonly SaltRow[]; sign: boolean }

/** A batch in the form in which it is stored, and where it would bring the log. */
export type Prepared = { group: EntryGroup; stored: StoredEntry[]; reached: Position }

/** Keeps the place that the log has reached, and gives entries theirs. */
export type Writer = {
  /** Changes nothing. Throws what `canonicalJson` throws. */
  prepare: (batch: Batch) => Prepared
  /** What was prepared last is written. */
  written: (prepared: Prepared) => void
  at: () => Position
  /** Whether there are records that no checkpoint covers. */
  unsigned: () => boolean
  open: () => OpenCalls
}

/** Gives records and checkpoints their form, going on from where the log was found. */
export function createWriter({ key, clock }: WriterDeps, from: Recovered): Writer {
  let { at, signed } = from
  const open = new Map(from.open)

  function prepare({ entries, salts, sign }: Batch): Prepared {
    const timestamp = new Date(clock.now()).toISOString()
    let { size, hash, tree } = at
    const rows: NewEntryRow[] = []
    const stored: StoredEntry[] = []
    for (const input of entries) {
      const sealed = seal(input, size + 1, timestamp, hash)
      rows.push({ seq: size + 1, body: sealed.body, hash: sealed.hash, ...searchColumns(input) })
      stored.push(sealed.entry)
      hash = sealed.hash
      size++
      tree = addLeaf(tree, leafHash(sealed.body))
    }
    // INVARIANT: a checkpoint is signed with the group that reaches the limit, so a log never has more unsigned records.
    const signing = size - signed >= checkpointEvery || (sign && size > signed)
    const reached = { size, hash, tree }
    const checkpoint = signing ? checkpointOf(reached, trackAll(new Map(open), stored)) : null
    return { group: { rows, salts, checkpoint }, stored, reached }
  }

  function checkpointOf({ size, tree }: Position, openThen: OpenCalls): CheckpointRow {
    const text = formatCheckpoint({ origin: key.noteKey.name, size, root: rootOf(tree) })
    const note = signNote(text, key.noteKey, key.privateKey)
    return { size, note, peaks: tree.peaks.join(' '), open_calls: JSON.stringify([...openThen]) }
  }

  return {
    prepare,
    written({ group, stored, reached }) {
      at = reached
      if (group.checkpoint) signed = reached.size
      trackAll(open, stored)
    },
    at: () => at,
    unsigned: () => at.size > signed,
    open: () => open,
  }
}

function trackAll(open: Map<string, number>, stored: readonly StoredEntry[]): OpenCalls {
  for (const entry of stored) if (entry.kind === 'call') track(open, entry.call_id, entry.state, entry.seq)
  return open
}
