import { CallError } from '../../../shared/call-errors.ts'
import type { Input } from '../../../shared/calls.ts'
import type { CoreHandlers, Door } from '../control/handlers.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Server } from '../registry/server-record.ts'
import { viewLaunch } from '../registry/view.ts'
import { changedLaunch, foundLaunch, isSameOrigin } from './found-launch.ts'
import { type ReviewDeps, type ReviewHandlers, reviewHandlers, type ShownReviews } from './reviews.ts'

/** Writes an event into the audit log; throws when it cannot. */
export type RecordEvent = (event: string, detail: Record<string, unknown>) => void

type Deps = ReviewDeps & {
  gateway: Gateway
  /** PATH in which the program of a server is looked for. */
  path: string
  /** Nothing that was signed in to under this name is kept, or used by another place when nobody is there who may sign out. */
  forgetSignIn: (server: Server, door: Door) => Promise<void>
}

type ServerHandlers = ReviewHandlers &
  Pick<CoreHandlers, 'servers.list' | 'servers.check' | 'servers.add' | 'servers.set' | 'servers.remove'>

/** Registering, changing and forgetting servers. What was shown of one in a review does not outlive that. */
export function serverHandlers(deps: Deps): ServerHandlers {
  const { registry, gateway, approvals, servers, clock, record, path, view, forgetSignIn } = deps
  const reviews: ShownReviews = new Map()
  const now = () => new Date(clock.now()).toISOString()

  /** What would be registered, and what of this name would be replaced. Throws `CallError` BAD_INPUT and ALREADY_APPROVED. */
  async function addable({ name, launch }: Pick<Input<'servers.add'>, 'name' | 'launch'>) {
    const found = await foundLaunch(launch, path)
    const before = registry.find(name)
    if (!before?.approved_launch) return { found, before }
    const [change, forget] = [`\`toolgate servers set ${name}\``, `\`toolgate servers remove ${name}\``]
    const hint = `change it with ${change}, forget it with ${forget}, or choose another name`
    throw new CallError('ALREADY_APPROVED', `\`${name}\``, hint)
  }

  return {
    ...reviewHandlers(deps, reviews),

    'servers.list': () => registry.list().map(view),

    'servers.check': async (input) => ({ replaces: (await addable(input)).before !== null }),

    'servers.add': async (input, door) => {
      const { found, before } = await addable(input)
      record('server.added', {
        server: input.name,
        ...viewLaunch(found),
        trust_level: input.trust_level,
        door: door.name,
      })
      // What was shown of a server of this name is no longer what an approval would mean.
      reviews.delete(input.name)
      const added = registry.add({ ...input, launch: found }, now())
      if (before) await forgetSignIn(before, door)
      return view(added)
    },

    'servers.set': async ({ name, launch: wanted, ...judged }, door) => {
      const before = registry.need(name)
      const launch = wanted ? await foundLaunch(changedLaunch(registry.opened(name), wanted), path) : undefined
      if (registry.find(name) !== before) throw new CallError('CONFLICT', `\`${name}\` was changed meanwhile`)
      record('server.set', { server: name, ...viewLaunch(launch ?? before.launch), ...judged, door: door.name })
      reviews.delete(name)
      const server = registry.change(name, { ...judged, launch })
      servers.supervisor.relaunch(name)
      approvals.recheck()
      // What it was signed in to was another place. Its authorization server, which is told, may take its time.
      if (launch?.transport === 'http' && !isSameOrigin(launch, before.launch)) await forgetSignIn(before, door)
      return view(server)
    },

    'servers.remove': async ({ name }, door: Door) => {
      const server = registry.need(name)
      record('server.removed', { server: name, door: door.name })
      reviews.delete(name)
      try {
        registry.remove(name)
      } finally {
        // Its sessions end whatever becomes of its secrets, and wait for no authorization server.
        await gateway.drop((info) => info.serverName === name)
        servers.runs.forget(name)
      }
      await forgetSignIn(server, door)
      return {}
    },
  }
}
