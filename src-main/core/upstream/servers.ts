import { ToolgateError } from '../../../shared/errors.ts'
import type { LaunchSpec } from '../../../shared/server.ts'
import type { LiveLimits } from '../limits.ts'
import type { Clock, Log } from '../ports.ts'
import type { StartServer } from '../registry/inspect.ts'
import { mayRun, type Registry } from '../registry/registry.ts'
import { unbatched } from './server-batches.ts'
import { createServerRuns, type RunNews, type ServerRuns } from './server-runs.ts'
import { createStarter, type StarterDeps } from './start.ts'
import { createSupervisor, type Supervisor } from './supervisor.ts'

/** Everything that runs or is connected to: plainly by `start`, for sessions by `supervisor`. */
export type Servers = {
  start: StartServer
  supervisor: Supervisor
  runs: ServerRuns
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
  onChange: () => void
}

/** Starts servers and keeps an eye on them. */
export function createServers({ path, limits, clock, log, registry, news, onChange, ...launching }: Deps): Servers {
  const starter = createStarter({ path, limit: limits.of('max_message_bytes'), log, ...launching })
  const start = unbatched(starter.start)
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
    const server = registry.need(name)
    if (!mayRun(server)) throw new ToolgateError('SERVER_CHANGED', `\`${name}\``)
    return server.launch
  }

  const supervisor = createSupervisor({ start, runs, launchOf, limits, clock, log })
  return {
    ...{ start, supervisor, runs, pids: starter.pids },
    async close() {
      supervisor.close()
      await starter.close()
    },
  }
}
