import { createHash } from 'node:crypto'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import { journalFile, readJournal } from '../../src-main/core/audit/journal.ts'
import { verifyProfile } from '../../src-main/core/audit/verify-database.ts'
import type { Paths } from '../../src-main/core/ports.ts'
import { auditReader, openToRead } from '../../src-main/core/store/audit-table.ts'
import { fileSecrets } from '../../src-main/host/secrets.ts'

/** One call as the database and the journal beside it tell it: its entries in order, and what was asked, when it is among what the test sent. */
export type RecordedCall = { id: string; sent: string | null; entries: (StoredEntry & CallEntry)[] }

/** What a client sent and got: the raw `params`, and the outcome in one word when it was told one. */
export type SentCall = { params: string; told?: { outcome: string; text: string } }

/** `params` of a tool call, byte for byte as the raw client sends them. */
export function paramsOf(name: string, args: object): string {
  return JSON.stringify({ name, arguments: args })
}

/**
 * The calls in a database, whether a gateway has it open or not; `sent` are texts of `params` that may be found in it. Only
 * records after number `after`.
 */
export function recordedCalls(database: string, sent: readonly string[], after = 0): RecordedCall[] {
  const ahead = readJournal(journalFile(database))
  const db = openToRead(database)
  try {
    const calls = new Map<string, RecordedCall>()
    for (const { body } of auditReader(db, ahead).after(after)) {
      const entry = JSON.parse(String(body)) as StoredEntry
      if (entry.kind !== 'call') continue
      const call = calls.get(entry.call_id) ?? { id: entry.call_id, sent: null, entries: [] }
      call.entries.push(entry)
      calls.set(entry.call_id, call)
    }
    const salts = db.prepare<[], { call_id: string; salt: Buffer }>('SELECT call_id, salt FROM argument_salts').all()
    for (const { call_id, salt } of [...salts, ...ahead.flatMap((group) => group.salts)]) {
      const call = calls.get(call_id)
      const hash = call?.entries.find(({ arguments_hash }) => arguments_hash)?.arguments_hash
      if (call && hash) call.sent = sent.find((params) => committed(salt, params) === hash) ?? null
    }
    return [...calls.values()]
  } finally {
    db.close()
  }
}

/** The record's commitment to a text, written down here once more: the product's own code is what is tested. */
function committed(salt: Buffer, params: string): string {
  return createHash('sha256').update(salt).update(params).digest('hex')
}

/** One letter per state: decided, held, answered, forwarding, closed. */
const letter = { decided: 'd', held: 'h', answered: 'a', forwarding: 'f', closed: 'c' } as const

/** Each hold is decided, held and answered; what is forwarded was decided just before; nothing follows `closed` (contracts.md). */
const legal = /^(dha)*(dh|df*)?c$/

/** What is wrong with the calls of a log at rest: open ones, states out of order. Empty when nothing is. */
export function orderComplaints(calls: readonly RecordedCall[]): string[] {
  return calls.flatMap(({ id, entries }) => {
    const word = entries.map(({ state }) => letter[state]).join('')
    return legal.test(word) ? [] : [`call ${id} has the states ${entries.map(({ state }) => state).join(', ')}`]
  })
}

/**
 * What a log fails to say of what happened: calls that reached the server (`reached`, as params) without `forwarding`, and
 * answers and refusals that a client was told without their decision and their end. Each text of params must be sent once.
 */
export function missingComplaints(
  calls: readonly RecordedCall[],
  sent: readonly SentCall[],
  reached: readonly string[],
): string[] {
  const of = (params: string) => calls.filter((call) => call.sent === params)
  const has = (params: string, fits: (entry: CallEntry) => boolean) =>
    of(params).some((call) => call.entries.some(fits))
  const unforwarded = reached.filter((params) => !has(params, ({ state }) => state === 'forwarding'))
  const untold = sent.filter(({ params, told }) => {
    if (!told) return false
    const decided = has(params, ({ state }) => state === 'decided')
    const fits = (entry: CallEntry) =>
      told.outcome === 'ok' ? /^executed/.test(entry.outcome ?? '') : entry.reason_code === told.outcome
    return !decided || !has(params, (entry) => entry.state === 'closed' && fits(entry))
  })
  return [
    ...unforwarded.map((params) => `reached the server, but no entry says that it was forwarded: ${params}`),
    ...untold.map(({ params, told }) => `the client was told ${told?.outcome}, but the log does not say so: ${params}`),
  ]
}

/** What verification of a profile's log finds, in words; with the instance's key, so that the head mark's seal counts too. */
export function verifyComplaints(paths: Paths): string[] {
  const report = verifyProfile(paths, fileSecrets(paths.keys))
  return report.ok ? [] : report.problems.map(({ seq, kind, message }) => `audit verify: ${seq} ${kind}: ${message}`)
}

/** The events in a database, in order. */
export function events(database: string): { name: string; seq: number }[] {
  const db = openToRead(database)
  try {
    const query = 'SELECT state AS name, seq FROM audit_entries WHERE call_id IS NULL ORDER BY seq'
    return db.prepare<[], { name: string; seq: number }>(query).all()
  } finally {
    db.close()
  }
}
