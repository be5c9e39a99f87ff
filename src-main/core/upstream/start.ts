import type { HttpLaunch, LaunchSpec, StdioLaunch } from '../../../shared/server.ts'
import type { Confinement } from '../constraints/sandbox/confinement.ts'
import type { Log } from '../ports.ts'
import type { RunningServer, ServerEvents, ServerUse, StartServer } from '../registry/inspect.ts'
import { maskText } from '../safety/scan.ts'
import { findInText } from '../safety/screen.ts'
import type { Authorizer } from './http/authorizer.ts'
import { connectServer } from './http/remote-server.ts'
import { type ServerProcess, startServerProcess } from './process.ts'
import { type Reaper, startReaper } from './reaper.ts'

/** How long a server may take to end by itself when its input closes. */
const graceMs = 1_000

/** Starts servers for sessions and reviews, and knows those that run. */
export type Starter = { start: StartServer; pids: () => number[]; close: () => Promise<void> }

/** What starting works with. */
export type StarterDeps = {
  /** Where servers find their programs. */
  path: string
  limit: number
  log: Log
  /** A registered launch with the values that it needs. Throws ToolgateError. */
  open: (launch: LaunchSpec) => LaunchSpec
  /** How the next process of a session is started, in a sandbox where rules ask for one. */
  confine: Confinement['next']
  /** What signs requests in to the server of a launch. */
  authorize: (launch: HttpLaunch) => Authorizer
}

/** The watchdog that outlives us starts with the first server. */
export function createStarter({ path, limit, log, open, confine, authorize }: StarterDeps): Starter {
  const running = new Set<ServerProcess>()
  const remote = new Set<RunningServer>()
  let reaper: Reaper | null = null

  async function launched(launch: StdioLaunch, on: ServerEvents, use?: ServerUse): Promise<ServerProcess | null> {
    const confined = use ? confine(use) : null
    reaper ??= startReaper(log)
    const governed = launch.command
    const options = { launch, path, limit, log, reaper, governed, onLine: on.line }
    return startServerProcess({
      ...{ ...options, start: confined?.start },
      onTooLong: (_bytes, head) => on.tooLong(head),
      onSkipped: on.skipped,
      // People pass their log around when they ask for help.
      onStderr: (text) => {
        const masked = maskText(text, findInText(text))
        log.info('a server says', { command: launch.command, text: masked })
        on.said?.(masked)
      },
      onExit: ({ code, signal }) => {
        confined?.ended()
        on.exit(signal ? `it was ended by ${signal}` : `it ended with code ${code}`)
      },
    }).catch((error: Error) => {
      confined?.ended()
      on.exit(error.message)
      return null
    })
  }

  function startHere(launch: StdioLaunch, on: ServerEvents, use?: ServerUse): RunningServer {
    const early: Buffer[] = []
    let server: ServerProcess | null = null
    const exit = (reason: string) => {
      if (server) running.delete(server)
      on.exit(reason)
    }
    const started = launched(launch, { ...on, exit }, use).then((result) => {
      server = result
      if (!server) return
      running.add(server)
      for (const line of early.splice(0)) server.write(line)
    })
    return {
      write: (line) => (server ? server.write(line) : early.push(line) > 0),
      drain: async () => server?.drain(),
      pause: () => server?.pause(),
      resume: () => server?.resume(),
      pid: () => server?.pid ?? null,
      end: async () => {
        await started
        await server?.end(graceMs)
      },
    }
  }

  function start(registered: LaunchSpec, on: ServerEvents, use?: ServerUse): RunningServer {
    const launch = open(registered)
    if (launch.transport === 'stdio') return startHere(launch, on, use)
    const server = connectServer(launch, { ...on, exit: gone }, { limit, log, authorizer: authorize(launch) })
    function gone(reason: string): void {
      remote.delete(server)
      on.exit(reason)
    }
    remote.add(server)
    return server
  }

  return {
    start,
    pids: () => [...running].map(({ pid }) => pid),
    async close() {
      await Promise.all([...running].map((server) => server.end(graceMs)))
      await Promise.all([...remote].map((server) => server.end()))
      await reaper?.close()
    },
  }
}
