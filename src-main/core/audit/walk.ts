import type { AuditProblem } from '../../../shared/audit.ts'
import { genesisHash, searchColumns, sha256 } from './chain.ts'
import { type GapDetail, gapProblem, numbers, readGap } from './gap.ts'
import { addLeaf, addPlaceholders, emptyTree, leafHash, type Tree } from './merkle.ts'

/** A record as found somewhere; the search columns only where there are any. */
export type FoundEntry = {
  seq: number
  body: Uint8Array | null
  hash: Uint8Array | null
  call_id?: unknown
  state?: unknown
  server?: unknown
}

/** A place in the log: how many records precede it, the hash of the last one, and the tree over all of them. */
export type Position = { size: number; hash: string; tree: Tree }

/** The place before the first record. */
export const start: Position = { size: 0, hash: genesisHash, tree: emptyTree }

/** A walk over records in their order: each is checked against the place that the ones before led to. */
export type Walk = { add: (entry: FoundEntry) => void; at: () => Position }

/** The fields of a body that the walk reads. The rest is data. */
type Body = { v?: unknown; seq?: unknown; prev_hash?: unknown; kind?: unknown; detail?: unknown } & Record<
  string,
  unknown
>

/** What is remembered of the record before; `bad`: it was reported, so its successor's link says nothing new. */
type Previous = { hash: string; storedHash: string; hashBefore: string; bad: boolean }

/**
 * Goes over records in order from a place that is trusted, and reports each that does not follow from those before it,
 * naming the first record of every fault rather than all that suffer from it. Missing records become placeholders in the
 * tree, so that it keeps one leaf for each number.
 */
export function createWalk(from: Position, report: (problem: AuditProblem) => void): Walk {
  let { size, tree } = from
  let previous: Previous | null = { hash: from.hash, storedHash: from.hash, hashBefore: '', bad: false }
  let shift = 0

  function add(entry: FoundEntry): void {
    const { seq } = entry
    if (!Number.isSafeInteger(seq) || seq < 1) {
      report({ seq: 1, kind: 'inserted', message: `there is a record numbered ${seq}, before the first one` })
      return
    }
    if (seq <= size) {
      report({ seq, kind: 'reordered', message: `record ${seq} comes again after record ${size}` })
      return
    }
    const bytes = entry.body ?? new Uint8Array()
    const hash = sha256(bytes)
    const storedHash = entry.hash ? Buffer.from(entry.hash).toString('hex') : ''
    const body = parse(bytes)
    const gap = body && readGap(body)
    skipTo(seq, gap)
    const bad = check(entry, body, hash, storedHash)
    if (gap) report(gapProblem(seq, gap))
    previous = { hash, storedHash, hashBefore: previous?.hash ?? '', bad }
    tree = addLeaf(tree, leafHash(bytes))
    size = seq
  }

  /** Accounts for the numbers between the last record and this one. */
  function skipTo(seq: number, gap: GapDetail | null): void {
    if (seq === size + 1) return
    const [first, last] = [size + 1, seq - 1]
    const declared = gap?.missing.some(([from, to]) => from <= first && last <= to)
    if (!declared) {
      report({ seq: first, through: last, kind: 'missing', message: `${numbers(first, last)} missing` })
      previous = null
    }
    tree = addPlaceholders(tree, last - size)
  }

  /** Reports at most one fault of a record, the one that explains the others; true when the record itself is at fault. */
  function check(entry: FoundEntry, body: Body | null, hash: string, storedHash: string): boolean {
    const { seq } = entry
    const bad = (kind: AuditProblem['kind'], message: string) => {
      report({ seq, kind, message })
      return true
    }
    if (!body) return bad('unreadable', `record ${seq} is not a record of the form that Toolgate writes`)
    if (hash !== storedHash) return bad('edited', `the text of record ${seq} does not fit its hash`)
    const offset = Number(body.seq) - seq
    const moved = offset !== 0 && offset !== shift
    shift = offset
    if (moved && hash === previous?.hash) return bad('inserted', `record ${body.seq} is repeated as record ${seq}`)
    if (moved && offset < 0 && previous && body.prev_hash === previous.hashBefore) {
      report({ seq: seq - 1, kind: 'inserted', message: `record ${seq - 1} was put in between two others` })
      return false
    }
    if (moved) return bad('reordered', `record ${body.seq} stands in the place of record ${seq}`)
    if (!columnsFit(entry, body)) return bad('edited', `the search columns of record ${seq} do not fit its text`)
    const linked = !previous || previous.bad || [previous.hash, previous.storedHash].includes(String(body.prev_hash))
    if (linked) return false
    if (previous?.hash === genesisHash) return bad('edited', `record ${seq} does not begin the chain`)
    const message = `record ${seq - 1} and its hash were changed: record ${seq} names another hash before it`
    report({ seq: seq - 1, kind: 'edited', message })
    return false
  }

  return { add, at: () => ({ size, hash: previous?.hash ?? '', tree }) }
}

function parse(bytes: Uint8Array): Body | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
    const body = value as Body
    const formed = typeof value === 'object' && value !== null && body.v === 1 && Number.isSafeInteger(body.seq)
    return formed && (body.kind === 'call' || body.kind === 'event') ? body : null
  } catch {
    return null
  }
}

function columnsFit(entry: FoundEntry, body: Body): boolean {
  if (entry.state === undefined) return true
  const columns = searchColumns(body as unknown as Parameters<typeof searchColumns>[0])
  return (
    entry.call_id === (columns.call_id ?? null) &&
    entry.state === (columns.state ?? null) &&
    entry.server === (columns.server ?? null)
  )
}
