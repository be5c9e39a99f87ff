import type { Clock, Log } from '../ports.ts'
import type { PinnedTool } from '../registry/server-record.ts'
import type { CalledRow, HistoryTable } from '../store/risk-tables.ts'
import { createVolume, mostClients } from './volume.ts'
import { outsideHours } from './working-hours.ts'

/** What earlier calls and the clock say of a call when it comes in: each the detail of a factor, null when it does not apply. */
export type CallHistory = { novelty: string | null; volume: string | null; time: string | null }

/** Nothing is known against a call: what is listed before anybody calls it. */
export const noHistory: CallHistory = { novelty: null, volume: null, time: null }

type Deps = {
  table: HistoryTable
  clock: Clock
  log: Log
  /** `working_hours` of the settings; null when none are set. */
  workingHours: () => string | null
}

/** How long what is new waits to be written, so that no call waits for the database; a crash makes it new again. */
const writeMs = 1_000
const retryMs = 30_000

/** Tools of clients that are kept in mind; beyond, what is new stays new. Names of clients that only claim one are anybody's. */
const most = 50_000

export type History = ReturnType<typeof createHistory>

/**
 * What clients have done before, as far as it matters to the risk of what they do now. A look costs microseconds: the database is read once,
 * and written apart from calls. INVARIANT: no call waits for it, nor fails by it.
 */
export function createHistory({ table, clock, log, workingHours }: Deps) {
  const known = new Map(table.called(most).map((row) => [keyOf(row), row.fingerprint]))
  const called = new Map<string, CalledRow>()
  const usual = new Map<string, number>()
  let stopTimer: (() => void) | null = null
  const volume = createVolume({
    known: table.usual(mostClients),
    clock,
    learnt(client, perMinute) {
      usual.set(client, perMinute)
      soon()
    },
  })

  function soon(ms = writeMs): void {
    stopTimer ??= clock.after(ms, write)
  }

  function write(): void {
    stopTimer = null
    try {
      table.keep(called.values(), usual)
      called.clear()
      usual.clear()
    } catch (error) {
      log.warn('what clients called could not be kept yet', { error: String(error) })
      soon(retryMs)
    }
  }

  return {
    /** Counts a call that came in, and says what of it is unusual apart from what it calls. */
    arrived(client: string): Pick<CallHistory, 'volume' | 'time'> {
      return { volume: volume.count(client), time: outsideHours(new Date(clock.now()), workingHours()) }
    },

    /** Whether a call of this client to this tool, as it is defined now, has never run. */
    novelty(call: CalledRow): string | null {
      return known.get(keyOf(call)) === call.fingerprint ? null : `the first call of this client to ${call.tool}`
    },

    /** Whether a call of this client to any tool of this server has run. */
    hasCalled(client: string, server: string): boolean {
      const start = `${JSON.stringify([client, server]).slice(0, -1)},`
      return known.keys().some((key) => key.startsWith(start))
    },

    /** A call is about to run, allowed by policy or a person. What cannot be kept in mind stays new. */
    ran(ran: CalledRow): void {
      const key = keyOf(ran)
      if (known.get(key) === ran.fingerprint || (known.size >= most && !known.has(key))) return
      known.set(key, ran.fingerprint)
      called.set(key, ran)
      soon()
    },

    /** Writes what is not written yet. */
    close(): void {
      if (stopTimer === null) return
      stopTimer()
      write()
      stopTimer?.()
    },
  }
}

/** A reviewed tool as the client of a request calls it. */
export function calledTool(
  { client, serverName, toolName }: { client: { id: string }; serverName: string; toolName: string },
  { review }: PinnedTool,
): CalledRow {
  return { client: client.id, server: serverName, tool: toolName, fingerprint: review.fingerprint }
}

function keyOf({ client, server, tool }: Omit<CalledRow, 'fingerprint'>): string {
  return JSON.stringify([client, server, tool])
}
