import type { StreamView } from '../../../shared/audit-stream.ts'
import type { Reach } from '../../../shared/server.ts'
import type { AuditLog } from '../audit/log.ts'
import { readStart } from '../audit/start-line.ts'
import type { Clock, Log, Ports } from '../ports.ts'
import type { StreamRow, StreamsTable } from '../store/streams-table.ts'
import { type Collector, openCollector } from './collector.ts'
import { type Batch, type BatchLimits, nextBatch, type StoredRecords } from './next-batch.ts'
import { headerGone, type Problem, problemOf, unreached, unreadable, waitAfter } from './problem.ts'

/** So long (ms) records are gathered before they are sent, so that a busy moment is one request. */
const gatherMs = 500
const usualLimits: BatchLimits = { records: 500, bytes: 512 * 1024 }
/** A failure that lasts so long (ms) is an event of its own, once. */
const longMs = 900_000
const tooLarge = 413
/** After so many requests that were taken a collector that wanted shorter ones is asked whether it takes longer ones now. */
const takenUntilLonger = 32

/** What a stream works with. */
export type StreamDeps = {
  stored: StoredRecords
  table: Pick<StreamsTable, 'note'>
  audit: Pick<AuditLog, 'at' | 'durable'>
  /** The value of its header, null where it has none; throws when it cannot be read. */
  headerOf: (row: StreamRow) => { name: string; value: string } | null
  clock: Clock
  log: Log
  record: (event: string, detail: Record<string, unknown>) => void
  notify: Ports['notify']
  /** Something of its view is other than it was. */
  changed: () => void
  /** In [0, 1): spreads tries, so that what failed together is not tried together. */
  chance: () => number
}

/** A stream at work. `note`: there may be something to send. */
export type Stream = { note: () => void; row: () => StreamRow; view: () => StreamView; close: () => void }

/**
 * Sends the record to one collector, in order, from where it was: one request at a time, the next once the last was taken. What it has to send
 * is read from the database each time and nowhere else kept, so that a collector that is down for days costs nothing.
 */
export function createStream(given: StreamRow, deps: StreamDeps): Stream {
  const { clock, log, changed } = deps
  const ended = new AbortController()
  let row = given
  let collector: Collector | null = null
  let limits = usualLimits
  let problem: Problem | null = null
  let tries = 0
  /** Requests that were taken in a row at these limits. */
  let well = 0
  let running = false
  let cancel: (() => void) | null = null

  function wake(ms: number): void {
    cancel ??= clock.after(ms, () => {
      cancel = null
      void run()
    })
  }

  async function run(): Promise<void> {
    running = true
    let waitMs: number | null = 0
    while (waitMs === 0 && !ended.signal.aborted) waitMs = await step()
    running = false
    if (waitMs !== null && !ended.signal.aborted) wake(waitMs)
  }

  /** Sends what is next; gives how long to wait (ms) before going on, null until there is something new. */
  async function step(): Promise<number | null> {
    try {
      const start = readStart(row.start)
      const batch = start && nextBatch(deps.stored, row, start, limits)
      if (!start) return failed(unreadable)
      if (!batch) return rest()
      // INVARIANT: what a collector has, this machine's disk has: after a power cut no number would be given to another record.
      await deps.audit.durable()
      return await deliver(batch)
    } catch (error) {
      if (ended.signal.aborted) return null
      log.error('records cannot be read to be sent', { stream: row.name, error: (error as Error).message })
      return failed(unreadable)
    }
  }

  /** What is in the journal is in the database a moment later. */
  function rest(): number | null {
    changed()
    return deps.audit.at().size > row.sent ? gatherMs : null
  }

  async function deliver(batch: Batch): Promise<number | null> {
    if (ended.signal.aborted || !openWithHeader()) return ended.signal.aborted ? null : failed(headerGone)
    const said = await collector?.send(batch.body, ended.signal).catch((error: Error) => error)
    if (ended.signal.aborted || said === undefined) return null
    if (said instanceof Error) return failed(unreached(said))
    if (said.status === tooLarge && batch.records > 1) {
      limits = { records: Math.ceil(batch.records / 2), bytes: Math.ceil(batch.body.length / 2) }
      well = 0
      return 0
    }
    const refused = problemOf(said)
    return refused ? failed(refused) : taken(batch)
  }

  function openWithHeader(): boolean {
    try {
      const { url, reach } = row
      collector ??= openCollector({ url, reach: reach as Reach, header: deps.headerOf(row) })
      return true
    } catch {
      return false
    }
  }

  function taken({ sent, checkpoint }: Batch): number {
    const since = row.failing_since
    if (row.told === 1) attempt(() => deps.record('audit.stream_recovered', { stream: row.name, since, sent }))
    const last_success = new Date(clock.now()).toISOString()
    keep({ ...row, sent, checkpoint, last_success, failing_since: null, told: 0 })
    tries = 0
    well++
    if (well % takenUntilLonger === 0) limits = twice(limits)
    if (problem) log.info('records are taken again', { stream: row.name })
    problem = null
    return 0
  }

  function failed(why: Problem): number {
    tries++
    const now = clock.now()
    const since = row.failing_since ?? new Date(now).toISOString()
    if (why.text !== problem?.text) {
      log.warn('records could not be sent', { stream: row.name, why: why.text })
      problem = why
      changed()
    }
    const told = row.told === 1 || (now - Date.parse(since) >= longMs && tell(why, since))
    if (since !== row.failing_since || Number(told) !== row.told)
      keep({ ...row, failing_since: since, told: Number(told) })
    return waitAfter(why, tries, now, deps.chance())
  }

  /** INVARIANT: once for a failure, however long it lasts: a record that cannot be sent must not make another one. */
  function tell({ text, hint }: Problem, since: string): boolean {
    const { name: stream, sent } = row
    if (!attempt(() => deps.record('audit.stream_failing', { stream, since, sent, problem: text }))) return false
    deps.notify({ kind: 'warning', title: `records do not reach ${stream}`, body: `${text}; ${hint}` })
    return true
  }

  /** What cannot be kept is sent twice after a restart, and not lost. */
  function keep(next: StreamRow): void {
    row = next
    attempt(() => deps.table.note(row))
  }

  function attempt(work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      log.warn('how a stream of records does cannot be kept', { stream: row.name, error: (error as Error).message })
      return false
    }
  }

  return {
    note() {
      if (!running && !ended.signal.aborted) wake(gatherMs)
    },
    row: () => row,
    view: () => ({
      ...{ name: row.name, url: row.url, reach: row.reach as Reach, header_name: row.header, added_at: row.added_at },
      ...{ first: (readStart(row.start)?.size ?? 0) + 1, sent: row.sent, last_success: row.last_success },
      problem: problem && {
        ...{ text: problem.text, hint: problem.hint, urgent: problem.waits || row.told === 1 },
        since: row.failing_since ?? row.added_at,
      },
    }),
    close() {
      ended.abort()
      cancel?.()
      collector?.close()
    },
  }
}

function twice({ records, bytes }: BatchLimits): BatchLimits {
  return { records: Math.min(2 * records, usualLimits.records), bytes: Math.min(2 * bytes, usualLimits.bytes) }
}
