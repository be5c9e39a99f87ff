import { isDeepStrictEqual } from 'node:util'
import { CallError } from '../../../shared/call-errors.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import type { ServerView } from '../../../shared/server.ts'
import type { Approvals } from '../approvals/queue.ts'
import type { CoreHandlers, Door } from '../control/handlers.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Clock } from '../ports.ts'
import { inspectServer } from '../registry/inspect.ts'
import type { Registry, Server } from '../registry/registry.ts'
import { findingsOf, type Inspection, pinsOf, reviewHash } from '../registry/review.ts'
import { viewLaunch } from '../registry/view.ts'
import { injectionSigns } from '../safety/injection.ts'
import type { Servers } from '../upstream/servers.ts'
import { changedLaunch, foundLaunch, isSameOrigin } from './found-launch.ts'

/** Writes an event into the audit log; throws when it cannot. */
export type RecordEvent = (event: string, detail: Record<string, unknown>) => void

type Deps = {
  registry: Registry
  gateway: Gateway
  approvals: Approvals
  servers: Servers
  clock: Clock
  record: RecordEvent
  /** PATH in which the program of a server is looked for. */
  path: string
  /** A server as people see it. */
  view: (server: Server) => ServerView
  /** Nothing that was signed in to under this name is kept, or used by another place when nobody is there who may sign out. */
  forgetSignIn: (server: Server, door: Door) => Promise<void>
}

type ServerHandlers = Pick<
  CoreHandlers,
  'servers.list' | 'servers.add' | 'servers.set' | 'servers.remove' | 'servers.review' | 'servers.approve'
>

/** Registering, reviewing and approving servers. A review is remembered until it is approved or replaced. */
export function serverHandlers(deps: Deps): ServerHandlers {
  const { registry, gateway, approvals, servers, clock, record, path, view, forgetSignIn } = deps
  const reviews = new Map<string, { hash: string; inspection: Inspection }>()
  const now = () => new Date(clock.now()).toISOString()

  return {
    'servers.list': () => registry.list().map(view),

    'servers.add': async (input, door) => {
      const found = await foundLaunch(input.launch, path)
      const before = registry.find(input.name)
      if (before?.approved_launch) throw new CallError('ALREADY_APPROVED', `\`${input.name}\``)
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

    'servers.review': async ({ name, launch }, door: Door) => {
      const server = registry.need(name)
      if (!isDeepStrictEqual(launch, viewLaunch(server.launch))) {
        throw new CallError('CONFLICT', `what \`${name}\` runs was changed meanwhile`)
      }
      record('server.review_started', { server: name, door: door.name })
      // For nobody but us, and yet held to what the rules bound it to.
      const use = { id: `review ${name}`, serverName: name, client: { name: 'Toolgate' } }
      const inspection = await inspectServer(server.launch, (found, on) => servers.start(found, on, use), clock)
      const hash = reviewHash(server, inspection)
      reviews.set(name, { hash, inspection })
      const { instructions } = inspection
      return {
        ...{ server: view(server), tools: findingsOf(server, inspection), review_hash: hash },
        ...{ instructions, instruction_warnings: injectionSigns(instructions) },
      }
    },

    'servers.approve': async ({ name, review_hash, tools }, door: Door) => {
      const server = registry.need(name)
      const review = reviews.get(name)
      if (review?.hash !== review_hash || reviewHash(server, review.inspection) !== review_hash) {
        throw new ToolgateError('SERVER_CHANGED', `\`${name}\` is no longer what the review showed, review it again`)
      }
      const pins = pinsOf(review.inspection, tools)
      const pinned = tools.map(({ name: tool, fingerprint, action, repeatable }) => ({
        tool,
        fingerprint,
        action,
        repeatable,
      }))
      record('server.approved', {
        server: name,
        door: door.name,
        review_hash,
        generation: review.inspection.generation,
        tools: pinned,
      })
      const approved = registry.approve(name, pins, review.inspection, now())
      reviews.delete(name)
      // What runs still as it was before this review ends, once it has nothing to do.
      servers.supervisor.relaunch(name)
      approvals.recheck()
      return view(approved)
    },
  }
}
