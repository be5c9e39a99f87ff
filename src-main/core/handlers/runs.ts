import type { CoreHandlers } from '../control/handlers.ts'
import type { Registry } from '../registry/registry.ts'
import type { Servers } from '../upstream/servers.ts'
import type { RecordEvent } from './servers.ts'

type RunHandlers = Pick<CoreHandlers, 'servers.runs' | 'servers.restart' | 'servers.stop'>

/** How servers do, and a person's hand on their processes. */
export function runHandlers(deps: { registry: Registry; servers: Servers; record: RecordEvent }): RunHandlers {
  const { registry, servers, record } = deps
  const { supervisor, runs } = servers
  return {
    'servers.runs': () => registry.list().map(({ name }) => runs.view(name)),

    'servers.restart': async ({ name }, door) => {
      registry.need(name)
      record('server.restarted', { server: name, door: door.name })
      await supervisor.restart(name)
      return runs.view(name)
    },

    'servers.stop': async ({ name }, door) => {
      registry.need(name)
      record('server.stopped', { server: name, door: door.name })
      await supervisor.stop(name)
      return runs.view(name)
    },
  }
}
