import { closeSync, constants, fdatasync, fdatasyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { CheckpointRow, EntryGroup, NewEntryRow, SaltRow } from '../store/audit-table.ts'
import { searchColumns, sha256 } from './chain.ts'

/*
 * What was recorded and is not in the database yet. A transaction costs SQLite dozens of system calls; a group of entries
 * that is written here costs one. Groups are moved to the database soon, many in one transaction, and whoever reads the log
 * meanwhile reads this file too.
 *
 * The file has a few parts, each a run of frames: the length of a group's text, its CRC-32, the text. While one is moved to the
 * database the next takes what comes. It is made at its full length once and then only overwritten, because to flush
 * new bytes of a file that grows takes the disk twice as long. The frames' checksums tell what a crash cut off; against people
 * there are the hashes of the records, as in the database.
 */

/** Where the journal of a database lies; not `-journal`, which is a name of SQLite's. */
export function journalFile(database: string): string {
  return `${database}-ahead`
}

/** Length of each part: some three hundred calls. */
const partLength = 1024 * 1024
const parts = [0, 1, 2, 3]
const headLength = 8
/** A disk whose flushes take less than this is quick. */
const quickMs = 0.25

/** Records of one part of a journal, by their numbers; `length` is how many bytes of the part hold them. */
export type Range = { part: number; from: number; through: number; length: number }

/** The open journal; it has room as long as the next part has been freed. */
export type Journal = {
  /** Writes a group in one piece; false when there is no room for it. Throws when it cannot be written. */
  write: (group: EntryGroup) => boolean
  /** What is written to: which part, and how many bytes of it hold something. */
  at: () => Pick<Range, 'part' | 'length'>
  /** Goes on in the next part; false when there is nothing in this one, or the next is not free. */
  turn: () => boolean
  /** The groups of a range. Throws when they are not all there any more. */
  read: (range: Range) => EntryGroup[]
  /** What this part holds is safe elsewhere: it may be overwritten. */
  free: (part: number) => void
  /**
   * Makes what was written survive power loss; nothing to wait for when it already does. `hasty`: may block for as long as a
   * flush takes, if this disk is quick: two switches between threads, and waking up again, cost more than that.
   */
  flush: (hasty: boolean) => Promise<void> | undefined
  /** Blocks: for the end of the process. */
  flushNow: () => void
  /** `empty`: everything is safe elsewhere. */
  close: (empty: boolean) => void
}

/** Opens the journal to write it, from the beginning: what it held must have been moved. Only for this user. */
export function openJournal(file: string): Journal {
  const fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  const blank = Buffer.alloc(partLength)
  for (const part of parts) writeWhole(fd, blank, part * partLength)
  // What is written goes through this memory, which also saves making a buffer of each group.
  const frame = blank
  const free = parts.map(() => true)
  let at = { part: 0, offset: 0 }
  let flushing = 0
  /** How long a flush takes here, the newest counting most; long until something is known. */
  let usualMs = 1000
  let closing = false

  function close(): void {
    // Closing under a running flush could let it flush another file that was given the same number.
    if (closing && flushing === 0) closeSync(fd)
  }

  return {
    write(group) {
      const text = textOf(group)
      const room = partLength - at.offset - headLength
      if (text.length > room || (text.length * 3 > room && Buffer.byteLength(text) > room)) return false
      const length = frame.write(text, headLength)
      frame.writeUInt32LE(length, 0)
      frame.writeUInt32LE(crc32(frame.subarray(headLength, headLength + length)), 4)
      free[at.part] = false
      writeWhole(fd, frame.subarray(0, headLength + length), at.part * partLength + at.offset)
      at.offset += headLength + length
      return true
    },
    at: () => ({ part: at.part, length: at.offset }),
    turn() {
      const next = (at.part + 1) % parts.length
      if (at.offset === 0 || !free[next]) return false
      at = { part: next, offset: 0 }
      return true
    },
    read: (range) => rangeIn(fd, range),
    free(part) {
      if (closing) return
      free[part] = true
      try {
        writeWhole(fd, noFrame, part * partLength)
      } catch {
        // Such as a full disk where nothing is overwritten in place: what still lies there is in the database, and passed over.
      }
    },
    flush(hasty) {
      const began = performance.now()
      const took = () => {
        usualMs = Math.min(usualMs, 1000) * 0.75 + (performance.now() - began) * 0.25
      }
      if (hasty && usualMs < quickMs) {
        fdatasyncSync(fd)
        took()
        return
      }
      flushing++
      return new Promise<void>((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())))
        .then(took)
        .finally(() => {
          flushing--
          close()
        })
    },
    flushNow: () => fdatasyncSync(fd),
    close(empty) {
      if (empty) for (const part of parts) writeWhole(fd, noFrame, part * partLength)
      closing = true
      close()
    },
  }
}

/**
 * The groups that a journal holds, oldest first, whether a gateway has it open or not; none when there is no file. Some of
 * them may be in the database already. To see a log whole, read this first and the database afterwards: groups go that way.
 *
 * Whoever writes may go from one part to the next while one after the other is read, and then the end of the first is missing. What is
 * missing for that reason is there when all is read once more, and what is missing again went straight to the database. `read` gives the bytes
 * of the file.
 */
export function readJournal(file: string, read = readIfThere): EntryGroup[] {
  let found = groupsOf(read(file))
  for (let missing = missingIn(found); missing.length > 0; ) {
    found = groupsOf(read(file))
    const again = missingIn(found)
    missing = again.every((one) => missing.includes(one)) ? [] : again
  }
  return found
}

/** The numbers behind which some are left out. */
function missingIn(groups: readonly EntryGroup[]): number[] {
  return groups.flatMap(({ rows }, index) => {
    const [end, next] = [rows.at(-1)?.seq, groups[index + 1]?.rows[0]?.seq]
    return end === undefined || next === undefined || next === end + 1 ? [] : [end]
  })
}

function groupsOf(bytes: Buffer): EntryGroup[] {
  const groups = parts.map((part) => [...groupsIn(bytes.subarray(part * partLength, (part + 1) * partLength))])
  let last = 0
  // A number that comes twice was not written here: what has it later counts for nothing.
  return groups
    .sort((a, b) => firstOf(a) - firstOf(b))
    .flatMap((part) =>
      part.filter(({ rows }) => {
        if ((rows[0]?.seq ?? 0) <= last) return false
        last = rows.at(-1)?.seq ?? last
        return true
      }),
    )
}

/** The groups of a range in a journal's file. Throws when they are not all there. */
export function readRange(file: string, range: Range): EntryGroup[] {
  const fd = openSync(file, 'r')
  try {
    return rangeIn(fd, range)
  } finally {
    closeSync(fd)
  }
}

function rangeIn(fd: number, { part, from, through, length }: Range): EntryGroup[] {
  const bytes = Buffer.allocUnsafe(length)
  const read = readSync(fd, bytes, 0, length, part * partLength)
  const within = (group: EntryGroup) => firstOf([group]) >= from && firstOf([group]) <= through
  const groups = [...groupsIn(bytes.subarray(0, read))].filter(within)
  if (firstOf(groups) !== from || groups.at(-1)?.rows.at(-1)?.seq !== through) {
    throw new Error('the journal does not hold what was written to it')
  }
  return groups
}

/**
 * Groups up to the first frame that is not whole. Behind the newest one older ones may lie, whose numbers are smaller; between
 * two groups numbers may be left out, those of records that went straight to the database.
 */
function* groupsIn(bytes: Buffer): Generator<EntryGroup> {
  let last = 0
  for (let at = 0; at + headLength < bytes.length; ) {
    const start = at + headLength
    const end = start + bytes.readUInt32LE(at)
    if (end === start || end > bytes.length || crc32(bytes.subarray(start, end)) !== bytes.readUInt32LE(at + 4)) return
    const group = groupOf(bytes.toString('utf8', start, end))
    if (!group || (group.rows[0]?.seq ?? 0) <= last) return
    yield group
    last = group.rows.at(-1)?.seq ?? last
    at = end
  }
}

/**
 * One line for each salt, picture and checkpoint, and two for each record: what the database keeps beside it, so that who moves it need
 * not read it, then the record. Records are canonical JSON, which has no line breaks.
 */
function textOf({ rows, salts, checkpoint }: EntryGroup): string {
  let text = ''
  for (const { seq, body, hash, call_id, state, server } of rows) {
    text += `row ${JSON.stringify([seq, hash, call_id, state, server])}\n${body}\n`
  }
  for (const { call_id, salt, picture } of salts) {
    text += `salt ${call_id} ${salt.toString('hex')}\n`
    if (picture !== undefined) text += `picture ${picture}\n`
  }
  return checkpoint ? `${text}checkpoint ${JSON.stringify(checkpoint)}\n` : text
}

/** Null when the text, though whole, is not what is written here: somebody else made it. */
function groupOf(text: string): EntryGroup | null {
  const rows: NewEntryRow[] = []
  const salts: SaltRow[] = []
  let checkpoint: CheckpointRow | null = null
  let beside: string | null = null
  try {
    for (const line of text.split('\n')) {
      if (line.startsWith('{')) {
        rows.push(beside === null ? rowOf(line) : besideRow(beside, line))
        beside = null
      } else if (line.startsWith('row ')) beside = line.slice(4)
      else if (line.startsWith('checkpoint ')) checkpoint = JSON.parse(line.slice(11)) as CheckpointRow
      else if (line.startsWith('salt ')) {
        const [, call_id = '', hex = ''] = line.split(' ')
        salts.push({ call_id, salt: Buffer.from(hex, 'hex') })
      } else if (line.startsWith('picture ')) {
        const last = salts.at(-1)
        if (last) last.picture = line.slice(8)
      }
    }
  } catch {
    return null
  }
  const first = rows[0]?.seq
  const fits = (row: NewEntryRow, index: number) => row.seq === Number(first) + index && isFit(row)
  return Number.isSafeInteger(first) && rows.every(fits) ? { rows, salts, checkpoint } : null
}

/** Whether the database takes it, whoever wrote it. */
function isFit({ hash, call_id, state, server }: NewEntryRow): boolean {
  const named = [call_id, server].every((name) => name === null || typeof name === 'string')
  return named && [hash, state].every((text) => typeof text === 'string')
}

/** Nothing here is believed: verification compares hash and columns with the record, wherever they come from. */
function besideRow(beside: string, body: string): NewEntryRow {
  const [seq, hash, call_id, state, server] = JSON.parse(beside) as [
    number,
    string,
    string | null,
    string,
    string | null,
  ]
  return { seq, body, hash, call_id, state, server }
}

/** Of a journal that an earlier version left. */
function rowOf(body: string): NewEntryRow {
  const entry = JSON.parse(body) as Parameters<typeof searchColumns>[0] & { seq: number }
  return { seq: entry.seq, body, hash: sha256(body), ...searchColumns(entry) }
}

function firstOf(groups: readonly EntryGroup[]): number {
  return groups[0]?.rows[0]?.seq ?? 0
}

/** Where a part begins with this, it holds nothing. */
const noFrame = Buffer.alloc(headLength)

function writeWhole(fd: number, bytes: Buffer, position: number): void {
  if (writeSync(fd, bytes, 0, bytes.length, position) !== bytes.length) throw new Error('a group was cut short')
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}
