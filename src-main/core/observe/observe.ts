import { z } from 'zod'
import type { ObserveScope, ObserveView } from '../../../shared/observe.ts'
import type { Clock, Log } from '../ports.ts'
import type { ObservingTable } from '../store/risk-tables.ts'

const dayMs = 86_400_000
const endedFact = 'observe_ended'

/**
 * A wall clock that is set back by more than this ends observe mode; one that is set back by less does not stretch it, as it ends by the
 * monotonic clock, too.
 */
const backMs = 300_000

/** So often the time is written down up to which it was on, for a restart after which the clock is another. */
const keepMs = 600_000

const Body = z.strictObject({
  /** What was meant: the time at which the server was registered, the id of the client entry. Another server of the same name is not. */
  bound: z.string(),
  reason: z.string(),
  started_at: z.int(),
  started_by: z.string(),
  expires_at: z.int(),
  /** The latest time at which it was on, as far as that was written down. */
  seen_at: z.int().optional(),
})

type Scope = ObserveView['scope']
/** `endsMonotonic`: when it is over on the monotonic clock. Whichever clock says so first counts. */
type Observing = z.infer<typeof Body> & {
  seen_at: number
  scope: Scope
  name: string
  relaxed: number
  endsMonotonic: number
}

/** What observe mode goes by, and whom it tells. */
export type ObserveDeps = {
  table: ObservingTable
  clock: Clock
  log: Log
  /** What stands for a server or client right now; null when there is no such any more. */
  boundOf: (scope: Scope, name: string) => string | null
  titleOf: (scope: Scope, name: string) => string
  /** Policy forbids it. */
  forbidden: () => boolean
  record: (event: string, detail: Record<string, unknown>) => void
  /** Small named facts of this profile. */
  facts: { get: (name: string) => string | null; set: (name: string, value: string) => unknown }
  /** Where it is on has changed: what waits is decided again. */
  onChange: () => void
}

export type Observe = ReturnType<typeof createObserve>

/**
 * Observe mode: for a while, and for everything, one server or one client, calls that policy would have asked about, bounded or
 * denied for want of a rule run, and are recorded as what they would have been (precedence.ts). It is on only while all of what a person
 * agreed to still holds; every doubt ends it.
 */
export function createObserve(deps: ObserveDeps) {
  const { table, clock, log, record, facts, onChange } = deps
  const observing = load(deps)
  let stopTimer = () => {}
  let closed = false

  /** Why it is over, or null. */
  function over(one: Observing): string | null {
    const { scope, name, bound, expires_at, seen_at, endsMonotonic } = one
    const now = clock.now()
    if (deps.forbidden()) return 'forbidden'
    if (deps.boundOf(scope, name) !== bound) return 'gone'
    if (now >= expires_at || now < seen_at - backMs || clock.monotonic() >= endsMonotonic) {
      // For good, whatever the clocks say after that.
      if (endsMonotonic !== Number.NEGATIVE_INFINITY) clock.after(0, sweep)
      one.endsMonotonic = Number.NEGATIVE_INFINITY
      return 'expired'
    }
    one.seen_at = Math.max(seen_at, now)
    return null
  }

  /** Writes down how far it has come. What cannot be written leaves more of it after a restart, and nothing more now. */
  function keep(): void {
    try {
      for (const { scope, name, relaxed: _relaxed, endsMonotonic: _ends, ...body } of observing.values())
        table.put(scope, name, JSON.stringify(body))
    } catch (error) {
      log.error('how far observe mode has come could not be written down', { error: String(error) })
    }
  }

  function end(key: string, why: string, detail: Record<string, unknown> = {}): void {
    const one = observing.get(key)
    if (!one) return
    // It ends first: what cannot be written down must not keep it on.
    observing.delete(key)
    table.remove(one.scope, one.name)
    // What was watched is worth rules, unless there was no time to see anything.
    if (clock.now() - one.started_at >= dayMs) facts.set(endedFact, new Date(clock.now()).toISOString())
    record('observe.ended', { scope: one.scope, name: one.name, why, relaxed: one.relaxed, ...detail })
  }

  /** Ends what is over. Decisions do not wait for it: they look themselves. */
  function sweep(): void {
    stopTimer()
    if (closed) return
    const ended = [...observing].flatMap(([key, one]) => {
      const why = over(one)
      return why === null ? [] : [[key, why] as const]
    })
    for (const [key, why] of ended) {
      try {
        end(key, why)
      } catch (error) {
        log.error('the end of observe mode could not be recorded', { error: String(error) })
      }
    }
    if (observing.size > 0) {
      keep()
      const ends = [...observing.values()].flatMap(({ expires_at, endsMonotonic }) => [
        expires_at - clock.now(),
        endsMonotonic - clock.monotonic(),
      ])
      stopTimer = clock.after(Math.max(0, Math.min(keepMs, ...ends)), sweep)
    }
    if (ended.length > 0) onChange()
  }

  return {
    /** Whether a call of this client to this server is only observed. */
    covers(server: string, client: string): boolean {
      if (observing.size === 0) return false
      return matching(observing, server, client).some((one) => over(one) === null)
    },

    /** A decision was otherwise because of it. */
    relaxed(server: string, client: string): void {
      for (const one of matching(observing, server, client)) one.relaxed += 1
    },

    /** Turns it on, or renews it, after a person has agreed; recorded before it holds. `days` from now. */
    start(scope: ObserveScope, { days, reason, by, door }: { days: number; reason: string; by: string; door: string }) {
      const { kind, name } = named(scope)
      const bound = deps.boundOf(kind, name)
      if (bound === null) throw new Error('there is nothing of this name to observe')
      const now = clock.now()
      const body = { bound, reason, started_at: now, started_by: by, expires_at: now + days * dayMs, seen_at: now }
      record('observe.started', {
        scope: kind,
        name,
        reason,
        door,
        expires_at: new Date(body.expires_at).toISOString(),
      })
      table.put(kind, name, JSON.stringify(body))
      observing.set(keyOf(kind, name), begun(body, kind, name, clock))
      sweep()
      onChange()
    },

    /** Turns it off: for a server or client, or, with neither, for all that it is on for. */
    stop(scope: ObserveScope, detail: Record<string, unknown>): void {
      const { kind, name } = named(scope)
      const keys = kind === 'all' ? [...observing.keys()] : [keyOf(kind, name)]
      try {
        for (const key of keys) end(key, 'stopped', detail)
      } finally {
        sweep()
        onChange()
      }
    },

    /** Policy changed, or a server or client went: what is over ends soon. Never at once, within what is being recorded. */
    recheck: () => void clock.after(0, sweep),

    /** When it ended last after a day or more, in ISO 8601; null when it never did. */
    ended: (): string | null => facts.get(endedFact),

    view: (): ObserveView[] =>
      [...observing.values()].filter((one) => over(one) === null).map((one) => viewOf(one, deps)),
    close(): void {
      closed = true
      stopTimer()
      for (const one of observing.values()) over(one)
      keep()
    },
  }
}

/** What is left of it from now on, by a clock that nobody sets: no more than there was when it was last seen to be on. */
function begun(body: z.infer<typeof Body>, scope: Scope, name: string, clock: Clock): Observing {
  const seen_at = body.seen_at ?? body.started_at
  const left = body.expires_at - Math.max(clock.now(), seen_at)
  return { ...body, scope, name, relaxed: 0, seen_at, endsMonotonic: clock.monotonic() + left }
}

function load({ table, log, clock }: ObserveDeps): Map<string, Observing> {
  const found = new Map<string, Observing>()
  for (const { scope, name, body } of table.all()) {
    const read = Body.safeParse(parsed(body))
    if (read.success && (scope === 'all' || scope === 'server' || scope === 'client')) {
      found.set(keyOf(scope, name), begun(read.data, scope, name, clock))
    } else log.error('observe mode is off where its state cannot be read', { scope, name })
  }
  return found
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function keyOf(scope: Scope, name: string): string {
  return `${scope}:${name}`
}

function named({ server, client }: ObserveScope): { kind: Scope; name: string } {
  if (server !== undefined) return { kind: 'server', name: server }
  return client === undefined ? { kind: 'all', name: '' } : { kind: 'client', name: client }
}

function matching(observing: ReadonlyMap<string, Observing>, server: string, client: string): Observing[] {
  const keys = [keyOf('all', ''), keyOf('server', server), keyOf('client', client)]
  return keys.flatMap((key) => observing.get(key) ?? [])
}

function viewOf(
  { scope, name, reason, started_at, started_by, expires_at, relaxed }: Observing,
  { titleOf }: ObserveDeps,
) {
  const at = (ms: number) => new Date(ms).toISOString()
  const when = { started_at: at(started_at), expires_at: at(expires_at) }
  return { scope, name, title: titleOf(scope, name), reason, ...when, started_by, relaxed }
}
