import { closeSync, openSync, readSync } from 'node:fs'
import type { AuditReport } from '../../../shared/audit.ts'
import { sha256 } from './chain.ts'
import { readStart } from './start-line.ts'
import { type Evidence, verify } from './verify.ts'
import type { FoundEntry } from './walk.ts'

type Given = Pick<Evidence, 'keys' | 'copies' | 'mark'>

type ExportLine = { seq?: unknown; body?: unknown; hash?: unknown; checkpoint?: unknown; start?: unknown }

/** Verifies an exported log (`exportJsonl`) without loading it whole. Throws when the file cannot be opened. */
export function verifyExport(file: string, given: Given): AuditReport {
  return verify({ ...given, checkpoints: checkpointsOf(file), entries: entriesOf(file), sealChecked: false })
}

/**
 * The same for what a collector received: it may begin later than the log, with a line that says where, and lines that came again, as after a
 * lost answer, count once. Throws when the file cannot be opened.
 */
export function verifyReceived(file: string, given: Given): AuditReport {
  const [first = ''] = linesOf(file)
  const from = readStart(first)
  const entries = onceEach(entriesOf(file))
  return verify({ ...given, checkpoints: checkpointsOf(file), entries, sealChecked: false, ...(from && { from }) })
}

/** How many records back one is known again that comes a second time. */
const remembered = 100_000

/** Without those that are, to the byte, what came before under their number; another one is for the walk to report. */
function* onceEach(entries: Iterable<FoundEntry>): Iterable<FoundEntry> {
  const hashes = new Map<number, string>()
  for (const entry of entries) {
    const hash = sha256(entry.body ?? '')
    if (hashes.get(entry.seq) === hash) continue
    hashes.set(entry.seq, hash)
    const [oldest] = hashes.keys()
    if (hashes.size > remembered && oldest !== undefined) hashes.delete(oldest)
    yield entry
  }
}

/** Lines that are not readable are passed over here: reading the entries comes to them again, and fails. */
function checkpointsOf(file: string): string[] {
  const notes: string[] = []
  for (const line of linesOf(file)) {
    if (!line.startsWith('{"checkpoint"')) continue
    const note = parseLine(line)?.checkpoint
    if (typeof note === 'string') notes.push(note)
  }
  return notes
}

function* entriesOf(file: string): Iterable<FoundEntry> {
  let number = 0
  for (const line of linesOf(file)) {
    number++
    const parsed = parseLine(line)
    if (parsed?.checkpoint !== undefined || parsed?.start !== undefined) continue
    if (typeof parsed?.seq !== 'number') throw new Error(`line ${number} is not a line of an exported log`)
    const { seq, body, hash } = parsed
    yield {
      seq,
      body: typeof body === 'string' ? Buffer.from(body) : null,
      hash: typeof hash === 'string' ? Buffer.from(hash, 'hex') : null,
    }
  }
}

function parseLine(line: string): ExportLine | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

/** Lines of a file that may be larger than memory; the one after the last line break only when it is not empty. */
function* linesOf(file: string): Iterable<string> {
  const fd = openSync(file, 'r')
  try {
    const chunk = Buffer.alloc(1 << 20)
    let parts: Buffer[] = []
    for (let length = readSync(fd, chunk); length > 0; length = readSync(fd, chunk)) {
      let begin = 0
      for (let end = chunk.indexOf(10); end >= 0 && end < length; end = chunk.indexOf(10, begin)) {
        yield Buffer.concat([...parts, chunk.subarray(begin, end)]).toString()
        parts = []
        begin = end + 1
      }
      parts.push(Buffer.from(chunk.subarray(begin, length)))
    }
    const rest = Buffer.concat(parts).toString()
    if (rest !== '') yield rest
  } finally {
    closeSync(fd)
  }
}
