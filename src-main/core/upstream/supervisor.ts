import type { LaunchSpec } from '../../../shared/server.ts'
import type { Confinement } from '../constraints/sandbox/confinement.ts'
import type { LiveLimits } from '../limits.ts'
import type { Clock, Log } from '../ports.ts'
import type { ServerUse, StartServer } from '../registry/inspect.ts'
import type { ServerRuns } from './server-runs.ts'
import { type Supervised, supervise } from './supervised.ts'

/** How often servers that nobody asks anything are looked for. */
const sweepMs = 5_000

/** Processes that are started together slow each other down. */
const apartMs = 50

/** What supervision works with. `launchOf`: what a person approved for a server; throws when that is nothing. */
export type SupervisorDeps = {
  start: StartServer
  runs: ServerRuns
  launchOf: (server: string) => LaunchSpec
  limits: LiveLimits
  /** Whether and how a process is held to what the policy in force asks for. */
  confinement: Pick<Confinement, 'isCurrent' | 'words'>
  clock: Clock
  log: Log
}

/** Starts servers so that they are there again after they ended, and acts on all that run for one name. */
export type Supervisor = {
  start: StartServer
  /** Ends every process of a server; what is open is answered, and the next request starts it again. */
  stop: (server: string) => Promise<void>
  /** The same, and starts them again at once; forgets that the server kept ending. */
  restart: (server: string) => Promise<void>
  /** What the server runs, or whether it may, changed: processes that are something else end at their next quiet moment. */
  relaunch: (server: string) => void
  /** Processes that are not what they should be, as after a change of policy, end at their next quiet moment. */
  rest: () => void
  /** This machine slept. */
  wake: () => void
  close: () => void
}

/**
 * Stands between sessions and the processes or connections of servers. Whoever starts a server without saying for whom (a review)
 * gets it as it is.
 */
export function createSupervisor(deps: SupervisorDeps): Supervisor {
  const { clock, runs } = deps
  const live = new Set<Supervised>()
  const of = (server: string) => [...live].filter(({ use }) => use.serverName === server)
  let stopSweep = clock.after(sweepMs, sweep)

  const rest = (): void => {
    for (const each of live) each.rest()
  }

  function sweep(): void {
    rest()
    stopSweep = clock.after(sweepMs, sweep)
  }

  function start(launch: LaunchSpec, use: ServerUse, on: Parameters<StartServer>[1]) {
    const supervised = supervise(launch, use, on, { ...deps, over: () => live.delete(supervised) })
    live.add(supervised)
    return supervised.server
  }

  return {
    start: (launch, on, use) => (use ? start(launch, use, on) : deps.start(launch, on)),

    async stop(server) {
      await Promise.all(of(server).map((each) => each.stop('a person stopped it')))
    },

    async restart(server) {
      runs.forgive(server)
      const running = of(server).filter((each) => each.runs())
      await Promise.all(running.map((each) => each.stop('a person restarted it')))
      for (const [at, each] of running.entries()) each.again(at * apartMs)
    },

    relaunch(server) {
      runs.forgive(server)
      for (const each of of(server)) each.rest()
    },

    rest,

    wake() {
      for (const each of live) each.wake()
    },

    close: () => stopSweep(),
  }
}
