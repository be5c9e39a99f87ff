import type { LaunchSpec } from '../../../shared/server.ts'
import { limitReached } from '../limits.ts'
import type { RunningServer, ServerEvents, ServerUse } from '../registry/inspect.ts'
import { createAskedOfClient } from './asked-of-client.ts'
import { createHandshake } from './handshake.ts'
import { createLater } from './later.ts'
import { isRequest } from './line-kind.ts'
import { createQueue } from './line-queue.ts'
import { isOutdated } from './outdated.ts'
import type { SupervisorDeps } from './supervisor.ts'
import { createUnreadAnswers } from './unread-answers.ts'

/** How long a new process may take to answer what its predecessor was told. */
const againMs = 30_000
/** Bytes that wait for a server before whoever writes them should wait too. */
const highWater = 4 * 1024 * 1024

/** The server of one session, which may be several processes one after the other. */
export type Supervised = {
  use: ServerUse
  server: RunningServer
  runs: () => boolean
  /** Ends the process for a reason; the next request starts another. */
  stop: (why: string) => Promise<void>
  /** Starts it without a request, after so many ms. */
  again: (afterMs: number) => void
  /** Ends the process if nothing is open and it has no reason to live: it is outdated, or long unused. */
  rest: () => void
  wake: () => void
}

/**
 * One process or connection. `told`: it knows all that its predecessor was told. `ending`: why we end it; `fault`: why that is its own
 * doing, and counts as such.
 */
type Process = {
  launch: LaunchSpec
  server: RunningServer | null
  unread: ReturnType<typeof createUnreadAnswers>
  told: boolean
  ending: string | null
  fault: string | null
}

type Deps = SupervisorDeps & { over: () => void }

/** Runs the server of one session: started with the first message, and again, with the first request after it ended. */
export function supervise(launch: LaunchSpec, use: ServerUse, on: ServerEvents, deps: Deps): Supervised {
  const { clock, runs, limits, log } = deps
  const { serverName: name } = use
  const handshake = createHandshake()
  const asked = createAskedOfClient((answer) => process?.server && send(process, process.server, answer))
  const waiting = createQueue()
  const later = createLater(clock)
  let process: Process | null = null
  /** The end of a process that we no longer listen to. */
  let leaving: Promise<unknown> = Promise.resolve()
  let [starts, over, paused] = [0, false, false]
  let used = clock.monotonic()

  /** Throws SERVER_CRASHING or LIMIT_REACHED when nothing may be started now. */
  function begin(afterMs = 0): void {
    if (later.waits() || process || over) return
    const waitMs = runs.admit(name) + afterMs
    if (starts === 0 && waitMs === 0) launchNow()
    else later.start(waitMs, () => leaving, launchNow)
  }

  function launchNow(): void {
    let current: LaunchSpec
    try {
      current = starts === 0 ? launch : deps.launchOf(name)
    } catch (error) {
      interrupted((error as Error).message)
      return
    }
    const unread = createUnreadAnswers(() => limits.of('max_message_bytes'))
    const told = !handshake.isDone()
    const made: Process = { launch: current, server: null, unread, told, ending: null, fault: null }
    process = made
    const pid = () => made.server?.pid?.() ?? null
    const sandbox = () => deps.confinement.words(use)
    const ended = runs.began({ use, pid, sandbox, outdated: () => isOutdated(current, use, deps) }, starts++ > 0)
    made.server = started(made, current, ended)
    if (!made.server) return
    if (paused) made.server.pause()
    if (made.told) waiting.flush(made.server)
    else tell(made, made.server)
  }

  /** Null when it cannot even be tried, as without the values that it needs; the first request hears of that itself. */
  function started(made: Process, current: LaunchSpec, ended: (how: { how: string; asked: boolean }) => void) {
    try {
      return deps.start(current, eventsOf(made, ended), use)
    } catch (error) {
      process = null
      ended({ how: (error as Error).message, asked: true })
      if (starts === 1) throw error
      interrupted((error as Error).message)
      return null
    }
  }

  function eventsOf(made: Process, ended: (how: { how: string; asked: boolean }) => void): ServerEvents {
    return {
      ...on,
      line: (line) => heard(made, line),
      said: (text) => runs.said(name, text),
      lost: (id, error) => {
        if (error.code === 'SERVER_UNREACHABLE') runs.reached(name, error.message)
        on.lost(id, error)
      },
      exit: (reason) => {
        const { ending, fault } = made
        ended({ how: fault ?? reason, asked: fault === null && (ending !== null || over) })
        exited(made, reason)
      },
    }
  }

  /** What the process before it was told; what waits follows once it has answered. */
  function tell(made: Process, server: RunningServer): void {
    log.info('a server is started again', { server: name, session: use.id })
    server.write(handshake.first())
    clock.after(againMs, () => {
      if (process === made && !made.told) leave('it did not answer `initialize` after its restart')
    })
  }

  function heard(made: Process, line: Buffer): void {
    if (process !== made) return
    used = clock.monotonic()
    if (made.launch.transport === 'http') runs.reached(name, null)
    const mine = handshake.listens() ? handshake.hear(line) : null
    const passed = mine === null ? asked.fromServer(line) : null
    if (passed) on.line(passed)
    else if (mine === 'first') told(made)
    else if (mine === 'other') leave('after its restart it is not the server that it was: connect again')
  }

  function told(made: Process): void {
    made.told = true
    for (const line of handshake.rest()) made.server?.write(line)
    for (const line of handshake.news()) on.line(line)
    if (made.server) waiting.flush(made.server)
    void subscribeAgain(made)
  }

  /** INVARIANT: no subscription reaches a new process because policy allowed it for the one before. */
  async function subscribeAgain(made: Process): Promise<void> {
    if (!on.again) return
    for (const line of handshake.takeSubscriptions()) {
      await on.again(line)
      if (process !== made) return
    }
  }

  function exited(made: Process, reason: string): void {
    if (process !== made) return
    process = null
    if (over) {
      deps.over()
      on.exit(reason)
    } else if (!on.interrupted || !handshake.isWhole()) leave(reason)
    else interrupted(reason)
  }

  /** What is open is answered by whoever listens, and never asked a second time. */
  function interrupted(reason: string): void {
    waiting.drop()
    handshake.broken()
    const cancelled = asked.gone()
    on.interrupted?.(reason)
    for (const line of cancelled) on.line(line)
  }

  /** From now on the process is none of ours; it ends. */
  function letGo(why: string): void {
    const gone = process
    if (!gone) return
    gone.ending = why
    process = null
    leaving = Promise.all([leaving, gone.server?.end()])
  }

  /** For good. */
  function leave(reason: string): void {
    if (over) return
    over = true
    waiting.drop()
    later.cancel()
    letGo(reason)
    deps.over()
    on.exit(reason)
  }

  async function stop(why: string): Promise<void> {
    if (process) {
      letGo(why)
      interrupted(why)
    }
    await leaving
  }

  function rest(): void {
    if (!process?.told) return
    const busy = on.busy?.() ?? null
    const unused = clock.monotonic() - used >= limits.of('server_idle_sec') * 1000
    // Over the older generation a process may hold what its client relies on: it lives as long as its session.
    const idle = unused && busy === null && process.launch.transport === 'stdio' && !handshake.isDone()
    if (idle) void stop('nobody asked it anything for long')
    else if (busy !== 'answers' && isOutdated(process.launch, use, deps)) void stop('its settings changed')
  }

  function write(line: Buffer): boolean {
    if (over) return true
    used = clock.monotonic()
    handshake.note(line)
    const forServer = asked.fromClient(line)
    if (forServer === null) return true
    // Nothing but a request starts a server again.
    if (starts > 0 && !process && !later.waits() && !isRequest(line)) return true
    begin()
    return process?.told && process.server ? send(process, process.server, forServer) : enqueue(forServer)
  }

  function send(made: Process, server: RunningServer, line: Buffer): boolean {
    if (server.write(line)) return true
    const why = made.unread.add(line, server.drain)
    // Not while somebody is in the middle of what it said.
    if (why) queueMicrotask(() => fail(made, why))
    return false
  }

  /** It does what no server may. */
  function fail(made: Process, why: string): void {
    if (process !== made) return
    log.warn('a server is ended', { server: name, why })
    made.fault = why
    if (on.interrupted && handshake.isWhole()) void stop(why)
    else leave(why)
  }

  function enqueue(line: Buffer): boolean {
    const most = limits.of('queued_messages')
    if (waiting.length() >= most) throw limitReached('queued_messages', most)
    return waiting.add(line) <= highWater
  }

  const server: RunningServer = {
    write,
    drain: async () => {
      if (process?.told) await process.server?.drain()
      else if (waiting.bytes() > highWater) await waiting.drained()
    },
    pause: () => {
      paused = true
      process?.server?.pause()
    },
    resume: () => {
      paused = false
      process?.server?.resume()
    },
    pid: () => process?.server?.pid?.() ?? null,
    async end() {
      over = true
      waiting.drop()
      later.cancel()
      if (process) await process.server?.end()
      else deps.over()
      await leaving
    },
  }

  function again(afterMs: number): void {
    try {
      begin(afterMs)
    } catch (error) {
      log.info('a server is not started again', { server: name, why: (error as Error).message })
    }
  }

  function wake(): void {
    const sound = process?.server?.wake?.()
    if (sound) on.woke?.()
    else if (sound === false && on.busy?.() !== 'answers') void stop('this machine slept')
  }

  return { use, server, stop, again, rest, wake, runs: () => process !== null }
}
