import { ToolgateError } from '../../../shared/errors.ts'
import type { LaunchSpec } from '../../../shared/server.ts'
import { type Confinement, type ConfinementDeps, createConfinement } from '../constraints/sandbox/confinement.ts'
import type { LiveLimits } from '../limits.ts'
import type { Clock, Log } from '../ports.ts'
import type { StartServer } from '../registry/inspect.ts'
import type { Registry } from '../registry/registry.ts'
import { mayRun } from '../registry/server-record.ts'
import { unbatched } from './server-batches.ts'
import { createServerRuns, type RunNews, type ServerRuns } from './server-runs.ts'
import { createStarter, type StarterDeps } from './start.ts'
import { createSupervisor, type Supervisor } from './supervisor.ts'

/** Everything that runs or is connected to: plainly by `start`, for sessions by `supervisor`. */
export type Servers = {
  start: StartServer
  supervisor: Supervisor
  runs: ServerRuns
  /** Holds calls to what only a process can be held to. */
  confinement: Confinement
  pids: () => number[]
  close: () => Promise<void>
}

type Deps = {
  path: string
  limits: LiveLimits
  clock: Clock
  log: Log
  registry: Registry
  news: Omit<RunNews, 'changed'>
  open: StarterDeps['open']
  authorize: StarterDeps['authorize']
  /** What is in force, and what no server may see whatever it says: both make their sandboxes. */
  snapshot: ConfinementDeps['snapshot']
  places: ConfinementDeps['places']
  record: ConfinementDeps['record']
  onChange: () => void
}

/** INVARIANT: whatever a server says, and however it ends, nothing escapes from who hears it: that would end the gateway. */
function contained(start: StartServer, log: Log): StartServer {
  const safe =
    <A extends unknown[]>(tell: (...args: A) => void) =>
    (...args: A) => {
      try {
        tell(...args)
      } catch (error) {
        log.error('what a server said could not be taken', { error: String(error).slice(0, 200) })
      }
    }
  return (launch, on, use) => {
    const [line, tooLong, skipped] = [safe(on.line), safe(on.tooLong), safe(on.skipped)]
    const [lost, exit] = [safe(on.lost), safe(on.exit)]
    return start(launch, { ...on, line, tooLong, skipped, lost, exit }, use)
  }
}

/** Starts servers and keeps an eye on them. */
export function createServers({ path, limits, clock, log, registry, news, onChange, ...launching }: Deps): Servers {
  const { open, authorize, snapshot, places, record } = launching
  const confinement = createConfinement({ snapshot, path, places, record, clock, log })
  const limit = limits.of('max_message_bytes')
  const starter = createStarter({ path, limit, log, open, authorize, confine: confinement.next })
  const start = unbatched(contained(starter.start, log))
  const told = (tell: () => void): void => {
    try {
      tell()
    } catch (error) {
      // An unwritable record refuses calls by itself; that a process ended stays true.
      log.error('what became of a server could not be recorded', { error: String(error) })
    }
  }
  const runs = createServerRuns({
    ...{ clock, limits, random: Math.random },
    news: {
      crashing: (server, detail) => told(() => news.crashing(server, detail)),
      recovered: (server) => told(() => news.recovered(server)),
      changed: onChange,
    },
  })

  function launchOf(name: string): LaunchSpec {
    const server = registry.look(name)
    if (!mayRun(server)) throw new ToolgateError('SERVER_CHANGED', `\`${name}\``)
    return server.launch
  }

  const supervisor = createSupervisor({ start, runs, launchOf, limits, confinement, clock, log })
  return {
    ...{ start, supervisor, runs, confinement, pids: starter.pids },
    async close() {
      supervisor.close()
      await starter.close()
    },
  }
}
