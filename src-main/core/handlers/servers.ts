import { homedir } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { CallError } from '../../../shared/call-errors.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import type { HttpLaunch, ServerView, StdioLaunch } from '../../../shared/server.ts'
import type { Approvals } from '../approvals/queue.ts'
import type { CoreHandlers, Door } from '../control/handlers.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Clock } from '../ports.ts'
import { inspectServer, type StartServer } from '../registry/inspect.ts'
import { type Registry, type Server, viewLaunch } from '../registry/registry.ts'
import { findingsOf, type Inspection, pinsOf, reviewHash } from '../registry/review.ts'
import { injectionSigns } from '../safety/injection.ts'
import { AddressRefused } from '../upstream/http/address-guard.ts'
import { registeredAddress } from '../upstream/http/registered-address.ts'
import { programOf } from '../upstream/server-environment.ts'

/** Writes an event into the audit log; throws when it cannot. */
export type RecordEvent = (event: string, detail: Record<string, unknown>) => void

type Deps = {
  registry: Registry
  gateway: Gateway
  approvals: Approvals
  start: StartServer
  clock: Clock
  record: RecordEvent
  /** PATH in which the program of a server is looked for. */
  path: string
  /** A server as people see it. */
  view: (server: Server) => ServerView
  /** Nothing that was signed in to under this name is kept. */
  forgetSignIn: (server: Server) => Promise<void>
}

type ServerHandlers = Pick<
  CoreHandlers,
  'servers.list' | 'servers.add' | 'servers.remove' | 'servers.review' | 'servers.approve'
>

/** What would run, by the program's full path and in a folder that exists. Throws `CallError` BAD_INPUT when there is no such. */
function absolute(launch: StdioLaunch, path: string): StdioLaunch {
  const inFolder = { ...launch, cwd: launch.cwd || homedir() }
  try {
    return { ...inFolder, command: programOf(inFolder, path) }
  } catch (error) {
    if (!(error instanceof ToolgateError)) throw error
    throw new CallError('BAD_INPUT', error.message, 'install the program, or name it by its full path')
  }
}

/** How a server would be reached, and where its host leads now. Throws `CallError` BAD_INPUT when it may not be. */
async function addressed(launch: Omit<HttpLaunch, 'reach'>): Promise<HttpLaunch> {
  try {
    return await registeredAddress(launch)
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error
    throw new CallError(
      'BAD_INPUT',
      error.message,
      'give the address as its documentation has it, such as `https://host/mcp`',
    )
  }
}

/** Registering, reviewing and approving servers. A review is remembered until it is approved or replaced. */
export function serverHandlers(deps: Deps): ServerHandlers {
  const { registry, gateway, approvals, start, clock, record, path, view, forgetSignIn } = deps
  const reviews = new Map<string, { hash: string; inspection: Inspection }>()
  const now = () => new Date(clock.now()).toISOString()

  return {
    'servers.list': () => registry.list().map(view),

    'servers.add': async (input, door) => {
      if (registry.find(input.name)?.approved_launch) {
        throw new CallError('ALREADY_APPROVED', `\`${input.name}\``)
      }
      const { launch: asked } = input
      const found = asked.transport === 'http' ? await addressed(asked) : absolute(asked, path)
      record('server.added', {
        server: input.name,
        ...viewLaunch(found),
        trust_level: input.trust_level,
        door: door.name,
      })
      // What was shown of a server of this name is no longer what an approval would mean.
      reviews.delete(input.name)
      const before = registry.find(input.name)
      if (before) await forgetSignIn(before)
      return view(registry.add({ ...input, launch: found }, now()))
    },

    'servers.remove': async ({ name }, door: Door) => {
      const server = registry.need(name)
      record('server.removed', { server: name, door: door.name })
      reviews.delete(name)
      registry.remove(name)
      await forgetSignIn(server)
      await gateway.drop((info) => info.serverName === name)
      return {}
    },

    'servers.review': async ({ name, launch }, door: Door) => {
      const server = registry.need(name)
      if (!isDeepStrictEqual(launch, viewLaunch(server.launch))) {
        throw new CallError('CONFLICT', `what \`${name}\` runs was changed meanwhile`)
      }
      record('server.review_started', { server: name, door: door.name })
      const inspection = await inspectServer(server.launch, start, clock)
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
      approvals.recheck()
      return view(approved)
    },
  }
}
