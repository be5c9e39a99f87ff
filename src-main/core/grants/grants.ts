import type { GrantBound, GrantChoice, GrantView } from '../../../shared/approval.ts'
import { CallError } from '../../../shared/call-errors.ts'
import { tenantIn } from '../../../shared/credential.ts'
import type { GivenBy } from '../approvals/who-may.ts'
import { newId } from '../ids.ts'
import { ownerId } from '../people/people.ts'
import type { Clock } from '../ports.ts'
import type { GrantRow, GrantsTable } from '../store/grants-table.ts'
import { withinBounds } from './covers.ts'
import { type Learned, type Offer, offersFor } from './offers.ts'
import type { GrantSubject } from './subject.ts'
import type { Tracer } from './trace.ts'

/** How long a late yes is worth a run (contracts.md, bindings), and a session's grant at most. */
const lateMs = 10 * 60_000
const sessionMs = 8 * 3_600_000
const hourMs = 3_600_000

/** Ways in which a grant ends before its time. */
type End = Exclude<GrantView['state'], 'active' | 'spent'>

/** Who answered, and how. */
export type GrantedBy = { approvalId: string; by: string; door: string; reason: string; people: readonly GivenBy[] }

/** What adds a grant, in the transaction that records the answer. `suggested`: how many times the like was allowed before. */
type Prepared = { suggested: number | null; give: (by: GrantedBy) => GrantRow }

type Deps = {
  table: GrantsTable
  clock: Clock
  user: string
  record: (event: string, detail: Record<string, unknown>) => void
  /** What pins a tool of a server now, or the server as a whole where `tool` is empty; null when it is not there. */
  pinOf: (server: string, tool: string) => string | null
  /** Whether those who gave a grant could still give it at this level. */
  stillGiven: (call: GrantSubject, level: number, people: readonly GivenBy[]) => boolean
  /** Hears when what is listed has changed. */
  onChange: () => void
}

/** Makes what is kept of calls that people are asked about. */
export type Traced = { tracer: Pick<Tracer, 'traceOf'> }

export type Grants = ReturnType<typeof createGrants>

/**
 * What people's answers let run without asking again. Each is bounded by the wall clock, which goes on while the machine or Toolgate
 * is off, and by the monotonic clock: a wall clock that is put back must not bring back what had run out.
 */
export function createGrants({ table, clock, user, record, pinOf, stillGiven, onChange }: Deps) {
  const started = { monotonic: clock.monotonic(), now: clock.now() }
  /** Of grants of this run: when they were given or extended, on the monotonic clock. */
  const given = new Map<string, number>()
  table.prune()
  // A session is over when the gateway that held it is.
  for (const row of table.active()) if (row.duration === 'session') end(row, 'expired')

  function end(row: GrantRow, state: End, door: string | null = null): void {
    if (!table.end(row.id, state)) return
    const { id, client, server, tool, approval_id } = row
    record('grant.ended', { grant: id, why: state, client, server, tool, approval_id, ...(door ? { door } : {}) })
    onChange()
  }

  function ranOut({ id, created_at, expires_at }: GrantRow): boolean {
    const now = clock.now()
    if (now < created_at) return true
    if (expires_at === null) return false
    const since = given.get(id)
    const allowed = since === undefined ? expires_at - Math.max(created_at, started.now) : expires_at - created_at
    return now >= expires_at || clock.monotonic() - (since ?? started.monotonic) >= allowed
  }

  /** Ends what no longer counts, whoever looks. */
  function sweep(rows: readonly GrantRow[]): GrantRow[] {
    return rows.filter((row) => {
      const why = ranOut(row) ? 'expired' : pinOf(row.server, row.tool) === row.pin ? null : 'definition_changed'
      if (why) end(row, why)
      return why === null
    })
  }

  function matches(row: GrantRow, call: GrantSubject): boolean {
    if (row.user !== user || (row.lineage !== null && row.lineage !== call.lineage)) return false
    switch (row.scope) {
      case 'call':
        return row.call_hash === call.callHash
      case 'bounded':
        return withinBounds(JSON.parse(row.bounds) as GrantBound[], call)
      case 'tool':
        return call.plain
      default:
        return call.plain && call.action === 'read'
    }
  }

  function add(
    call: GrantSubject,
    level: number,
    by: GrantedBy,
    what: Pick<GrantRow, 'scope' | 'duration' | 'says' | 'bounds' | 'max_hours' | 'max_uses'>,
    lifeMs: number | null,
  ): GrantRow {
    const now = clock.now()
    const wide = what.scope === 'server'
    const row: GrantRow = {
      ...{ id: newId('grant', now), state: 'active', approval_id: by.approvalId, client: call.client.id },
      ...{
        client_name: call.client.name,
        tenant: call.client.tenant,
        user,
        server: call.server,
        tool: wide ? '' : call.tool,
        ...what,
      },
      call_hash: what.scope === 'call' ? call.callHash : null,
      lineage: what.duration === 'once' || what.duration === 'session' ? call.lineage : null,
      pin: wide ? (pinOf(call.server, '') ?? '') : call.fingerprint,
      ...{ snapshot: call.snapshot, level, by: by.by, door: by.door, reason: by.reason },
      people: JSON.stringify(by.people),
      ...{ created_at: now, expires_at: lifeMs === null ? null : now + lifeMs, used: 0, last_used: null },
    }
    table.add(row)
    given.set(row.id, clock.monotonic())
    return row
  }

  const need = (id: string): GrantRow => {
    const row = table.get(id)
    if (!row) throw new CallError('NOT_FOUND', `no grant \`${id}\``, 'see `toolgate grants list`')
    return row
  }

  return {
    /** For what more than this call a person may answer. */
    offers: (call: GrantSubject, level: number, learned: Learned | null): Offer[] =>
      offersFor(call, level, limits, learned),

    /** A grant for this call at this level at least; one that counts no longer is ended. */
    find(call: GrantSubject, level: number): GrantRow | null {
      const rows = table.find(call.client, call.server, call.tool)
      if (rows.length === 0) return null
      for (const row of sweep(rows)) {
        if (!matches(row, call) || !stillGiven(call, level, givers(row))) continue
        if (row.level >= level) return row
        // Given under another policy, which asked for less (contracts.md, states of a call).
        if (row.snapshot !== call.snapshot) end(row, 'policy_changed')
      }
      return null
    },

    /** Whether a yes to exactly this call counts that was given in another session of its client. */
    elsewhere: (call: GrantSubject): boolean =>
      sweep(table.find(call.client, call.server, call.tool)).some(
        (row) => row.user === user && row.call_hash === call.callHash && (row.lineage ?? call.lineage) !== call.lineage,
      ),

    /** True when it still counted; whoever gets true may run the call once. To be called in the transaction that records the run. */
    consume(id: string): boolean {
      const row = table.get(id)
      return row !== null && row.state === 'active' && !ranOut(row) && table.use(id, clock.now())
    },

    /** What adds the single run that a yes is worth whose caller had left; in the transaction that records the answer. */
    late(call: GrantSubject, level: number, by: GrantedBy): GrantRow {
      const says = `this exact call of ${call.server} › ${call.tool}, once`
      const what = { scope: 'call', duration: 'once', says, bounds: '[]', max_hours: 0, max_uses: 1 }
      return add(call, level, by, what, lateMs)
    },

    /** Checks what was chosen against what is offered for this very call, and gives what adds it. Throws `CallError` BAD_INPUT. */
    prepare(call: GrantSubject, level: number, choice: GrantChoice, learned: Learned | null): Prepared | null {
      const offer = offersFor(call, level, limits, learned).find(({ id }) => id === choice.offer)
      if (!offer) throw new CallError('BAD_INPUT', 'this is not offered for the call as it is now', 'look at it again')
      const { duration, hours, calls } = choice
      if (!offer.durations.includes(duration)) throw new CallError('BAD_INPUT', `not offered for \`${duration}\``)
      if ((duration === 'hours') !== (hours !== undefined) || (hours ?? 0) > offer.max_hours) {
        throw new CallError('BAD_INPUT', `hours are given with \`hours\` alone, at most ${offer.max_hours}`)
      }
      if (duration === 'once' && calls !== undefined)
        throw new CallError('BAD_INPUT', 'what is allowed once is for one call')
      if (duration === 'once') return null
      const lifeMs = duration === 'session' ? sessionMs : hours === undefined ? null : hours * hourMs
      const { scope, says, bounds, max_hours } = offer
      const what = { scope, duration, says, bounds: JSON.stringify(bounds), max_hours, max_uses: calls ?? null }
      return { suggested: offer.suggested, give: (by) => add(call, level, by, what, lifeMs) }
    },

    /** Newest first; with `all` also those that have ended. */
    list(all: boolean): GrantView[] {
      sweep(table.active())
      return (all ? table.newest(mostListed) : table.active()).map(viewOf)
    },

    /** Ends a grant. Throws `CallError` NOT_FOUND. */
    revoke(id: string, door: string): GrantView {
      end(need(id), 'revoked', door)
      return viewOf(need(id))
    },

    /**
     * Ends every grant of a client, or only what was given while it worked for one tenant (empty: for nobody in particular); `door`: by which
     * a person asked for it.
     */
    endOf(client: string, tenant: string | undefined, door: string | null): void {
      for (const row of table.active())
        if (row.client === client && (tenant === undefined || row.tenant === tenant)) end(row, 'revoked', door)
    },

    /** Ends what a yes is worth that no call has used yet, when somebody says no after all. */
    withdraw(approvalId: string, door: string): void {
      for (const row of table.active())
        if (row.approval_id === approvalId && row.duration === 'once') end(row, 'revoked', door)
    },

    /** Ends every grant of a session, as when a person leaves the machine. */
    lock(door: string): number {
      const open = table.active().filter(({ duration }) => duration === 'session')
      for (const row of open) end(row, 'locked', door)
      return open.length
    },

    /** Lets a grant that has an end count for `hours` from now. Throws `CallError` NOT_FOUND or BAD_INPUT. */
    extend(id: string, hours: number, by: string, door: string): GrantView {
      const row = need(id)
      if (row.state !== 'active' || row.duration !== 'hours' || ranOut(row)) {
        throw new CallError('BAD_INPUT', 'only a grant that was given for hours and still counts can be extended')
      }
      if (hours > row.max_hours) throw new CallError('BAD_INPUT', `at most ${row.max_hours} hours`)
      const until = clock.now() + hours * hourMs
      record('grant.extended', { grant: id, until: new Date(until).toISOString(), by, door })
      table.extend(id, until, clock.now())
      given.set(id, clock.monotonic())
      onChange()
      return viewOf(need(id))
    },
  }
}

/** As long as an organisation says nothing else: a month, in every scope. */
const limits = { maxHours: 720, scopes: ['call', 'bounded', 'tool', 'server'] } as const
const mostListed = 500

/** Who gave it; before there were several people it was the owner of the machine. */
export function givers({ people }: GrantRow): GivenBy[] {
  return people === null ? [{ person: ownerId, stands_for: null }] : (JSON.parse(people) as GivenBy[])
}

function viewOf(row: GrantRow): GrantView {
  const iso = (ms: number) => new Date(ms).toISOString()
  const { id, server, says, level, approval_id, by, door, reason, used, max_uses } = row
  return {
    ...{ id, server, says, level, approval_id, by, door, reason, used, max_uses },
    state: row.state as GrantView['state'],
    scope: row.scope as GrantView['scope'],
    duration: row.duration as GrantView['duration'],
    client: { id: row.client, name: row.client_name },
    ...tenantIn(row),
    tool: row.tool === '' ? null : row.tool,
    bounds: JSON.parse(row.bounds) as GrantBound[],
    created_at: iso(row.created_at),
    expires_at: row.expires_at === null ? null : iso(row.expires_at),
    last_used: row.last_used === null ? null : iso(row.last_used),
  }
}
