import type { Clock, Log } from '../ports.ts'
import type { PinnedTool } from '../registry/registry.ts'
import type { HistoryTable } from '../store/risk-tables.ts'
import { createVolume } from './volume.ts'
import { outsideHours } from './working-hours.ts'

/** What earlier calls and the clock say of a call when it comes in: each the detail of a factor, null when it does not apply. */
export type CallHistory = { novelty: string | null; volume: string | null; time: string | null }

/** Nothing is known against a call: what is listed before anybody calls it. */
export const noHistory: CallHistory = { novelty: null, volume: null, time: null }

/** A reviewed tool as a client calls it. */
type Called = { client: string; server: string; tool: string; fingerprint: string }

type Deps = {
  table: HistoryTable
  clock: Clock
  log: Log
  /** `working_hours` of the settings; null when none are set. */
  workingHours: () => string | null
}

/** Tools of clients that are kept in mind; beyond, what is new stays new. Names of clients that only claim one are anybody's. */
const most = 50_000

export type History = ReturnType<typeof createHistory>

/**
 * What clients have done before, as far as it matters to the risk of what they do now. A look costs microseconds: the database is read once,
 * and written when something runs for the first time.
 */
export function createHistory({ table, clock, log, workingHours }: Deps) {
  const known = new Map(table.called(most).map((row) => [keyOf(row), row.fingerprint]))
  const volume = createVolume({ table, clock, log })

  return {
    /** Counts a call that came in, and says what of it is unusual apart from what it calls. */
    arrived(client: string): Pick<CallHistory, 'volume' | 'time'> {
      return { volume: volume.count(client), time: outsideHours(new Date(clock.now()), workingHours()) }
    },

    /** Whether a call of this client to this tool, as it is defined now, has never run. */
    novelty(called: Called): string | null {
      return known.get(keyOf(called)) === called.fingerprint ? null : `the first call of this client to ${called.tool}`
    },

    /** A call is about to run, allowed by policy or a person. What cannot be kept stays new. */
    ran(called: Called): void {
      const key = keyOf(called)
      if (known.get(key) === called.fingerprint || (known.size >= most && !known.has(key))) return
      try {
        table.add(called)
        known.set(key, called.fingerprint)
      } catch (error) {
        log.warn('what a client called could not be kept', { error: String(error) })
      }
    },
  }
}

/** A reviewed tool as the client of a request calls it. */
export function calledTool(
  { client, serverName, toolName }: { client: { id: string }; serverName: string; toolName: string },
  { review }: PinnedTool,
): Called {
  return { client: client.id, server: serverName, tool: toolName, fingerprint: review.fingerprint }
}

function keyOf({ client, server, tool }: Omit<Called, 'fingerprint'>): string {
  return JSON.stringify([client, server, tool])
}
