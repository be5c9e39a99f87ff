import { closeSync, openSync, readSync } from 'node:fs'
import type { AuditReport } from '../../../shared/audit.ts'
import { sha256 } from './chain.ts'
import { readStart } from './start-line.ts'
import { type Evidence, verify } from './verify.ts'
import type { FoundEntry, Position } from './walk.ts'

type Given = Pick<Evidence, 'keys' | 'copies' | 'mark'>

type ExportLine = { seq?: unknown; body?: unknown; hash?: unknown; checkpoint?: unknown; start?: unknown }

/** Verifies an exported log (`exportJsonl`) without loading it whole. Throws when the file cannot be opened. */
export function verifyExport(file: string, given: Given): AuditReport {
  return verify({ ...given, checkpoints: checkpointsOf(file), entries: entriesOf(file), sealChecked: false })
}

/**
 * The same for what a collector received: lines may lie in any order, as of a stream that was added anew or a collector that sorts otherwise;
 * those that came again count once. It may begin later than the log, with a line that says where. Throws when the file cannot be opened.
 */
export function verifyReceived(file: string, given: Given): AuditReport {
  const fd = openSync(file, 'r')
  try {
    const index = indexOf(file)
    const first = index.records[0]?.seq ?? 1
    const from = index.starts.find(({ size }) => size === first - 1)
    const entries = onceEach(inOrder(fd, index))
    return verify({ ...given, checkpoints: checkpointsOf(file), entries, sealChecked: false, ...(from && { from }) })
  } finally {
    closeSync(fd)
  }
}

/** What a file holds: where the line of each record lies, in the order of their numbers, and what is said of where they begin. */
type Index = { records: (Pick<Line, 'at' | 'length'> & { seq: number })[]; starts: Position[]; problem: Error | null }

/** Reads up to the first line that is none of a log; that one is for the check to report, as of any log. */
function indexOf(file: string): Index {
  const index: Index = { records: [], starts: [], problem: null }
  let number = 0
  for (const { text, at, length } of linesOf(file)) {
    number++
    const start = text.startsWith('{"start"') && readStart(text)
    if (start) index.starts.push(start)
    try {
      const entry = readEntry(text, number)
      if (entry) index.records.push({ seq: entry.seq, at, length })
    } catch (error) {
      index.problem = error as Error
      break
    }
  }
  index.records.sort((a, b) => a.seq - b.seq || a.at - b.at)
  return index
}

function* inOrder(fd: number, { records, problem }: Index): Iterable<FoundEntry> {
  for (const { at, length } of records) {
    const line = Buffer.alloc(length)
    readSync(fd, line, 0, length, at)
    const entry = readEntry(line.toString(), 0)
    if (entry) yield entry
  }
  if (problem) throw problem
}

/** Without those that are, to the byte, what came under the same number; another one is for the walk to report. */
function* onceEach(entries: Iterable<FoundEntry>): Iterable<FoundEntry> {
  let [number, hashes] = [Number.NaN, new Set<string>()]
  for (const entry of entries) {
    if (entry.seq !== number) [number, hashes] = [entry.seq, new Set()]
    const hash = sha256(entry.body ?? '')
    if (hashes.has(hash)) continue
    hashes.add(hash)
    yield entry
  }
}

/** Lines that are not readable are passed over here: reading the entries comes to them again, and fails. */
function checkpointsOf(file: string): string[] {
  const notes: string[] = []
  for (const { text } of linesOf(file)) {
    if (!text.startsWith('{"checkpoint"')) continue
    const note = parseLine(text)?.checkpoint
    if (typeof note === 'string') notes.push(note)
  }
  return notes
}

function* entriesOf(file: string): Iterable<FoundEntry> {
  let number = 0
  for (const { text } of linesOf(file)) {
    const entry = readEntry(text, ++number)
    if (entry) yield entry
  }
}

/** The record of a line, null when it is a line of another kind. Throws for what no exported log holds, with the number of the line. */
function readEntry(text: string, number: number): FoundEntry | null {
  const parsed = parseLine(text)
  if (parsed?.checkpoint !== undefined || parsed?.start !== undefined) return null
  if (typeof parsed?.seq !== 'number') throw new Error(`line ${number} is not a line of an exported log`)
  const { seq, body, hash } = parsed
  return {
    seq,
    body: typeof body === 'string' ? Buffer.from(body) : null,
    hash: typeof hash === 'string' ? Buffer.from(hash, 'hex') : null,
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

/** A line, and where its bytes lie in the file. */
type Line = { text: string; at: number; length: number }

/** Lines of a file that may be larger than memory; the one after the last line break only when it is not empty. */
function* linesOf(file: string): Iterable<Line> {
  const fd = openSync(file, 'r')
  try {
    const chunk = Buffer.alloc(1 << 20)
    let parts: Buffer[] = []
    let at = 0
    const line = (last: Uint8Array): Line => {
      const bytes = Buffer.concat([...parts, last])
      return { text: bytes.toString(), at, length: bytes.length }
    }
    for (let length = readSync(fd, chunk); length > 0; length = readSync(fd, chunk)) {
      let begin = 0
      for (let end = chunk.indexOf(10); end >= 0 && end < length; end = chunk.indexOf(10, begin)) {
        const whole = line(chunk.subarray(begin, end))
        yield whole
        at += whole.length + 1
        parts = []
        begin = end + 1
      }
      parts.push(Buffer.from(chunk.subarray(begin, length)))
    }
    const rest = line(Buffer.alloc(0))
    if (rest.length > 0) yield rest
  } finally {
    closeSync(fd)
  }
}
