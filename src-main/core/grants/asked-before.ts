import type { GrantCoverage, GrantSuggestion } from '../../../shared/approval.ts'
import type { Clock } from '../ports.ts'
import type { AskedTable } from '../store/asked-table.ts'
import { type AskedCall, askedCall } from './asked-call.ts'
import { coverageOf } from './coverage.ts'
import { learnedFor, suggestionsFrom } from './learned.ts'
import type { Learned, Offer } from './offers.ts'
import type { GrantSubject } from './subject.ts'
import type { Tracer } from './trace.ts'

/** How far back is looked, and at how many calls: of one client and server, and of all. */
const backMs = 7 * 24 * 3_600_000
const most = { one: 500, all: 1_000 }
/** For how long what was read of all of them is used: a page asks again with every request that comes or goes. */
const freshMs = 10_000

/** What people were asked in the last days, and what that says of what is asked now. */
export type AskedBefore = ReturnType<typeof createAskedBefore>

/** `settle` moves records to where the table reads; `places` are protected; `pinOf` is the definition of a tool as it is. */
export function createAskedBefore(deps: {
  table: AskedTable
  settle: () => void
  clock: Clock
  tracer: Tracer
  places: readonly string[]
  pinOf: (server: string, tool: string) => string | null
}) {
  const { table, settle, clock, tracer } = deps
  const since = () => new Date(clock.now() - backMs).toISOString()
  function before({ server, client }: GrantSubject): AskedCall[] {
    settle()
    const asked = table.of(since(), server, client.id, most.one).flatMap((row) => askedCall(row) ?? [])
    return asked.filter((past) => past.client.tenant === client.tenant)
  }
  let read: { at: number; calls: AskedCall[] } | null = null
  function all(): AskedCall[] {
    const now = clock.monotonic()
    if (read && now - read.at < freshMs) return read.calls
    settle()
    read = { at: now, calls: table.all(since(), most.all).flatMap((row) => askedCall(row) ?? []) }
    return read.calls
  }
  return {
    learn: (call: GrantSubject, level: number): Learned | null => learnedFor(call, level, before(call), deps),

    /** Which of them each offer would have covered; `id`: the request that is asked about, which does not count. */
    coverage(id: string, call: GrantSubject, level: number, offers: readonly Offer[]): GrantCoverage[] {
      const coverage = coverageOf(call, level, tracer)
      const earlier = before(call).filter(({ approvalId }) => approvalId !== id)
      return offers.map((offer) => coverage.of(offer, earlier))
    },

    suggestions: (waiting: Parameters<typeof suggestionsFrom>[1]): GrantSuggestion[] =>
      suggestionsFrom(all(), waiting, deps),
  }
}
