/**
 * What a checkpoint says, in C2SP's form (https://c2sp.org/tlog-checkpoint): three lines with the log's origin, its size
 * and the root of the Merkle tree over its first `size` records. Signed, it is a note.
 */
export type Checkpoint = { origin: string; size: number; root: Buffer }

/** At most this many records are ever without a signed checkpoint: one is signed with the transaction that reaches it. */
export const checkpointEvery = 256

/** A quiet log is signed this long (ms) after its first unsigned record. */
export const checkpointAfter = 60_000

/** What every origin starts with; the rest names the instance. */
export const originPrefix = 'toolgate/audit/'

/** Text of a checkpoint as it is signed: origin, size and root, a line each (C2SP tlog-checkpoint). */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`
}

/** Reads the text of a note; null when it is not a checkpoint. Further lines are allowed and ignored, as the format has it. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin = '', digits = '', coded = ''] = text.split('\n')
  const size = Number(digits)
  const root = Buffer.from(coded, 'base64')
  if (!origin || !/^(0|[1-9]\d*)$/.test(digits) || !Number.isSafeInteger(size) || root.length !== 32) return null
  return { origin, size, root }
}
