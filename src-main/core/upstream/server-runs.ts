import { ToolgateError } from '../../../shared/errors.ts'
import type { RunState, ServerRun } from '../../../shared/server-run.ts'
import type { LiveLimits } from '../limits.ts'
import type { Clock } from '../ports.ts'
import type { ServerUse } from '../registry/inspect.ts'
import { restartDelay, retryDelay } from './backoff.ts'

/** So many ends within the window, and one more for each process that stays up, are a crash loop. */
const loopEnds = 5
const windowMs = 60_000
/** A process that lives so long shows that the server is well again. */
const steadyMs = 10_000
const saidKept = 3
const longestSaid = 400

/** What is told about the processes of servers, once each time. */
export type RunNews = {
  crashing: (server: string, detail: { ends: number; how: string }) => void
  recovered: (server: string) => void
  /** What `view` gives is no longer what it was. */
  changed: () => void
}

/** One process or connection, from its start to its end. */
export type Run = { use: ServerUse; pid: () => number | null; sandbox: () => string | null; outdated: () => boolean }

type Started = Run & { at: number; since: string }

type Health = {
  running: Set<Started>
  restarts: number
  /** When processes ended by themselves, monotonic ms. */
  ends: number[]
  last: { at: string; how: string } | null
  said: string[]
  crash: { count: number; tries: number; nextTry: number; nextTryAt: string } | null
  unreachable: boolean
}

export type ServerRuns = ReturnType<typeof createServerRuns>

/**
 * The one place that knows how the processes of each server do, whichever client they run for: a server that keeps ending for one
 * is not started for another. `random` gives numbers in [0, 1).
 */
export function createServerRuns(deps: { clock: Clock; limits: LiveLimits; news: RunNews; random: () => number }) {
  const { clock, limits, news, random } = deps
  const servers = new Map<string, Health>()
  let started = 0
  const iso = (ms: number) => new Date(ms).toISOString()

  function healthOf(name: string): Health {
    const known = servers.get(name)
    if (known) return known
    const fresh: Health = {
      ...{ running: new Set<Started>(), restarts: 0, ends: [], last: null, said: [], crash: null, unreachable: false },
    }
    servers.set(name, fresh)
    return fresh
  }

  function lately(health: Health): number[] {
    const now = clock.monotonic()
    health.ends = health.ends.filter((at) => now - at < windowMs)
    return health.ends
  }

  function putOff(health: Health, count: number, tries: number): void {
    const waitMs = retryDelay(tries, random())
    health.crash = { count, tries, nextTry: clock.monotonic() + waitMs, nextTryAt: iso(clock.now() + waitMs) }
  }

  function steady(name: string, run: Started): void {
    const health = healthOf(name)
    if (!health.running.has(run) || !health.crash) return
    health.crash = null
    health.ends = []
    news.recovered(name)
    news.changed()
  }

  function fell(name: string, how: string): void {
    const health = healthOf(name)
    health.last = { at: iso(clock.now()), how }
    if (health.crash) {
      putOff(health, health.crash.count + 1, health.crash.tries + 1)
      return
    }
    health.ends.push(clock.monotonic())
    const ends = lately(health).length
    if (ends < loopEnds + health.running.size) return
    putOff(health, ends, 0)
    news.crashing(name, { ends, how })
  }

  return {
    /**
     * Whether a process may be started now: gives how long it has to wait before, in ms. Throws SERVER_CRASHING while the server
     * keeps ending, and LIMIT_REACHED when there are too many processes.
     */
    admit(name: string): number {
      limits.room('server_processes', started)
      const health = healthOf(name)
      const { crash } = health
      if (!crash) return lately(health).length === 0 ? 0 : restartDelay(health.ends.length, random())
      if (clock.monotonic() < crash.nextTry) throw new ToolgateError('SERVER_CRASHING', crashWords(health, clock.now()))
      // This one tries; whoever comes meanwhile waits for what becomes of it.
      putOff(health, crash.count, crash.tries)
      return 0
    },

    /** A process was started; returns what to call when it ended. `asked`: it was ended by us. */
    began(run: Run, again: boolean): (ended: { how: string; asked: boolean }) => void {
      const { serverName: name } = run.use
      const health = healthOf(name)
      const entry: Started = { ...run, at: clock.monotonic(), since: iso(clock.now()) }
      health.running.add(entry)
      started++
      if (again) health.restarts++
      const cancel = clock.after(steadyMs, () => steady(name, entry))
      news.changed()
      return ({ how, asked }) => {
        cancel()
        started--
        health.running.delete(entry)
        if (!asked) fell(name, how)
        news.changed()
      }
    },

    /** What a process of the server wrote to its standard error. */
    said(name: string, text: string): void {
      const { said } = healthOf(name)
      said.push(text.slice(0, longestSaid))
      if (said.length > saidKept) said.shift()
    },

    /** Whether a server over HTTP answers; `why` says why not. */
    reached(name: string, why: string | null): void {
      const health = healthOf(name)
      if (why !== null) health.last = { at: iso(clock.now()), how: why }
      if (health.unreachable === (why !== null)) return
      health.unreachable = why !== null
      news.changed()
    },

    /** Forgets what went wrong: a person mended it, or it is another server now. */
    forgive(name: string): void {
      const health = healthOf(name)
      Object.assign(health, { ends: [], crash: null, unreachable: false })
      news.changed()
    },

    forget: (name: string) => void servers.delete(name),

    stateOf: (name: string): RunState => stateOf(healthOf(name)),

    view(name: string): ServerRun {
      const health = healthOf(name)
      const { running, restarts, last, said, crash } = health
      return {
        ...{ name, state: stateOf(health), restarts, ends: crash?.count ?? lately(health).length },
        processes: [...running].map(({ pid, use, sandbox, since }) => ({
          ...{ pid: pid(), client: use.client.name, session: use.id, since, sandbox: sandbox() },
        })),
        last_end: last ? { ...last, said: [...said] } : null,
        next_try: crash?.nextTryAt ?? null,
        outdated: [...running].filter(({ outdated }) => outdated()).length,
      }
    },
  }
}

function stateOf({ crash, unreachable, running }: Health): RunState {
  if (crash) return 'crashing'
  if (unreachable) return 'unreachable'
  return running.size > 0 ? 'running' : 'idle'
}

/** How often, how the last time, and when it is tried again. What the server itself said is for people, not for models. */
function crashWords({ crash, last }: Health, now: number): string {
  const seconds = Math.max(1, Math.ceil((Date.parse(crash?.nextTryAt ?? '') - now) / 1000))
  return `it ended ${crash?.count} times, the last time: ${last?.how ?? 'unknown'}; the next try is in ${seconds} s`
}
