import type { EntryInput, StoredEntry } from '../../../shared/audit.ts'
import type { Clock } from '../ports.ts'
import type { AuditTable } from '../store/audit-table.ts'
import type { Db } from '../store/database.ts'
import { seal, searchColumns } from './chain.ts'
import { checkpointEvery, formatCheckpoint } from './checkpoint.ts'
import { addLeaf, leafHash, rootOf } from './merkle.ts'
import { signNote } from './note.ts'
import { type OpenCalls, type Recovered, track } from './recover.ts'
import type { SigningKey } from './signing-key.ts'
import type { Position } from './walk.ts'

type WriterDeps = { db: Db; table: AuditTable; key: SigningKey; clock: Clock }

/** What to write: entries, what else belongs into the transaction, and whether to sign a checkpoint before its time. */
type Batch = { entries: readonly EntryInput[]; also?: (() => void) | undefined; sign?: boolean }

/** Writes batches and keeps the place that the log has reached. */
export type Writer = {
  /** Commits a batch; `note` is the checkpoint that was signed with it. Throws with nothing changed, here as in the database. */
  write: (batch: Batch) => { stored: StoredEntry[]; note: string | null }
  at: () => Position
  /** Whether there are records that no checkpoint covers. */
  unsigned: () => boolean
  open: () => OpenCalls
}

/** Writes records and checkpoints, going on from where the log was found. */
export function createWriter({ db, table, key, clock }: WriterDeps, from: Recovered): Writer {
  let { at, signed } = from
  const open = new Map(from.open)

  const commit = db.transaction(({ entries, also, sign }: Batch) => {
    const timestamp = new Date(clock.now()).toISOString()
    let { size, hash, tree } = at
    const stored = entries.map((input) => {
      const sealed = seal(input, size + 1, timestamp, hash)
      table.insert({ seq: size + 1, body: sealed.body, hash: sealed.hash, ...searchColumns(input) })
      ;({ hash } = sealed)
      size++
      tree = addLeaf(tree, leafHash(sealed.body))
      return sealed.entry
    })
    also?.()
    // INVARIANT: a checkpoint is signed in the transaction that reaches the limit, so a log never has more unsigned records.
    const signing = size - signed >= checkpointEvery || (sign === true && size > signed)
    const grown = { size, hash, tree }
    const note = signing ? insertCheckpoint(grown, trackAll(new Map(open), stored)) : null
    return { grown, stored, note }
  })

  function insertCheckpoint({ size, tree }: Position, openThen: OpenCalls): string {
    const text = formatCheckpoint({ origin: key.noteKey.name, size, root: rootOf(tree) })
    const note = signNote(text, key.noteKey, key.privateKey)
    const peaks = tree.peaks.map((peak) => peak.toString('hex')).join(' ')
    table.insertCheckpoint({ size, note, peaks, open_calls: JSON.stringify([...openThen]) })
    return note
  }

  return {
    write: (batch) => {
      // Inside another transaction nothing would be committed when this returns, and a rollback would go unnoticed here.
      if (db.inTransaction) throw new Error('a record cannot be written inside another transaction')
      const { grown, stored, note } = commit.immediate(batch)
      at = grown
      if (note) signed = grown.size
      trackAll(open, stored)
      return { stored, note }
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
