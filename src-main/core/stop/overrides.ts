import type { HaltScope, HaltTarget } from '../../../shared/stop.ts'
import type { Clock, Log } from '../ports.ts'
import { named } from './halts.ts'

/** An override that is on, for whom, until when. */
export type Override = {
  scope: HaltScope
  name: string
  /** What was meant: when the server was registered, the id of the client. Another server of the same name is not. */
  bound: string
  reason: string
  by: string
  /** Milliseconds since 1970, and on the monotonic clock: whichever says first that it is over counts. */
  startedAt: number
  endsAt: number
  endsMonotonic: number
  calls: number
  incident: string
}

type Deps = {
  clock: Clock
  log: Log
  record: (event: string, detail: Record<string, unknown>) => void
  /** What stands for a server or client right now; null when there is no such any more. */
  boundOf: (scope: HaltScope, name: string) => string | null
  forbidden: () => boolean
  /** Opens the incident that it belongs to, and gives its id. */
  incident: (of: { scope: HaltScope; name: string }, reason: string, who: { by: string; door: string }) => string
  /** Where it is on has changed: what waits is decided again. */
  onChange: () => void
}

/** Begins one: for so many minutes, why, and who asked through which door. */
type Begin = { minutes: number; reason: string; by: string; door: string }

export type Overrides = ReturnType<typeof createOverrides>

/**
 * Overrides ("break glass"): for minutes, what policy would hold, or deny without a rule that denies, runs. They live in memory: a
 * gateway that ends ends them. Every doubt ends them too.
 */
export function createOverrides({ clock, log, record, boundOf, forbidden, incident, onChange }: Deps) {
  const on = new Map<string, Override>()
  let stopTimer = () => {}

  function over({ scope, name, bound, startedAt, endsAt, endsMonotonic }: Override): string | null {
    const now = clock.now()
    if (forbidden()) return 'forbidden'
    if (boundOf(scope, name) !== bound) return 'gone'
    return now >= endsAt || now < startedAt || clock.monotonic() >= endsMonotonic ? 'expired' : null
  }

  /** It ends first: what cannot be written down must not keep it on. */
  function end(key: string, why: string, detail: Record<string, unknown> = {}): void {
    const one = on.get(key)
    if (!on.delete(key) || !one) return
    record('override.ended', { scope: one.scope, name: one.name, why, calls: one.calls, ...detail })
  }

  /** Ends what is over. Decisions do not wait for it: they look themselves. */
  function sweep(): void {
    stopTimer()
    const ended = [...on].flatMap(([key, one]) => {
      const why = over(one)
      return why === null ? [] : [[key, why] as const]
    })
    for (const [key, why] of ended) {
      try {
        end(key, why)
      } catch (error) {
        log.error('the end of an override could not be recorded', { error: String(error) })
      }
    }
    if (on.size > 0) {
      const left = Math.min(...[...on.values()].map(({ endsMonotonic }) => endsMonotonic)) - clock.monotonic()
      stopTimer = clock.after(Math.max(0, left), sweep)
    }
    if (ended.length > 0) onChange()
  }

  const matching = (server: string, client: string): Override[] =>
    on.size === 0
      ? []
      : ['all:', `server:${server}`, `client:${client}`].flatMap((key) => {
          const one = on.get(key)
          return one && over(one) === null ? [one] : []
        })

  return {
    /** Whether a call of this client to this server is let through. */
    covers: (server: string, client: string): boolean => matching(server, client).length > 0,

    /** A decision was otherwise because of it. */
    used(server: string, client: string): void {
      for (const one of matching(server, client)) one.calls += 1
    },

    /** Begins one after a person has proved to be there; recorded, with its incident, before it holds. */
    start(target: HaltTarget, { minutes, reason, by, door }: Begin): void {
      const [scope, name] = named(target)
      const bound = boundOf(scope, name)
      if (bound === null) throw new Error('there is nothing of this name to override')
      const [now, ms] = [clock.now(), minutes * 60_000]
      const id = incident({ scope, name }, reason, { by, door })
      const until = new Date(now + ms).toISOString()
      record('override.started', { scope, name, reason, by, door, ends_at: until, incident_id: id })
      const times = { startedAt: now, endsAt: now + ms, endsMonotonic: clock.monotonic() + ms }
      on.set(`${scope}:${name}`, { scope, name, bound, reason, by, ...times, calls: 0, incident: id })
      sweep()
      onChange()
    },

    /** Ends one, or, for everything, all of them. */
    end(target: HaltTarget, detail: Record<string, unknown>): void {
      const [scope, name] = named(target)
      try {
        for (const key of scope === 'all' ? [...on.keys()] : [`${scope}:${name}`]) end(key, 'ended', detail)
      } finally {
        sweep()
        onChange()
      }
    },

    list: (): Override[] => [...on.values()].filter((one) => over(one) === null),
    /** Policy changed, or a server or client went, or this machine slept: what is over ends soon, never within what is being recorded. */
    recheck: (): void => void clock.after(0, sweep),
    close: (): void => stopTimer(),
  }
}
