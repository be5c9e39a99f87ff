import { isDeepStrictEqual } from 'node:util'
import { CallError } from '../../../shared/call-errors.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import type { ServerReview, ServerView, ToolFinding, ToolReview } from '../../../shared/server.ts'
import type { Denial } from '../../../shared/server-change.ts'
import type { ToolApproval } from '../../../shared/tool-approval.ts'
import type { Approvals } from '../approvals/queue.ts'
import { type CoreHandlers, type Door, nameAt } from '../control/handlers.ts'
import type { Deps } from '../pipeline/call.ts'
import type { Clock } from '../ports.ts'
import { terminalMaxLevel } from '../presence/presence.ts'
import { type Change, definitionChanges } from '../registry/diff.ts'
import { viewIdentity } from '../registry/identity/identity.ts'
import { inspectServer } from '../registry/inspect.ts'
import type { Registry } from '../registry/registry.ts'
import { findingsOf, type Inspected, pinsOf, reviewHash } from '../registry/review.ts'
import { changesOf, instructionChanges, runChanges } from '../registry/server-changes.ts'
import type { PinnedTool, Server } from '../registry/server-record.ts'
import type { ToolUsage } from '../registry/tool-usage.ts'
import { viewLaunch } from '../registry/view.ts'
import { injectionSigns } from '../safety/injection.ts'
import type { Servers } from '../upstream/servers.ts'
import type { RecordEvent } from './servers.ts'
import { progressOf } from './tool-progress.ts'

/** What reviews work with; `view`: a server as people see it. */
export type ReviewDeps = Pick<Deps, 'snapshot' | 'confinement'> & {
  registry: Registry
  approvals: Approvals
  servers: Servers
  usage: ToolUsage
  clock: Clock
  user: string
  record: RecordEvent
  view: (server: Server) => ServerView
}

/** The calls that are answered here. */
export type ReviewHandlers = Pick<
  CoreHandlers,
  | 'servers.review'
  | 'servers.approve'
  | 'servers.deny'
  | 'servers.changes'
  | 'tools.progress'
  | 'tools.unused'
  | 'tools.retire'
>

/** What was shown in reviews, until it is approved or the server becomes another. */
export type ShownReviews = Map<string, { hash: string; inspected: Inspected }>

/** The level that a person at a door holds for approving tools: a tool takes the level of its tier (contracts.md, doors). */
function levelAt(door: Door): number {
  return door.name === 'approval' ? 5 : door.name === 'terminal' ? terminalMaxLevel : 0
}

/** Reviewing, approving and denying what servers are and offer, and taking tools away again. */
export function reviewHandlers(deps: ReviewDeps, reviews: ShownReviews): ReviewHandlers {
  const { registry, record, usage, view } = deps
  const now = () => new Date(deps.clock.now()).toISOString()

  return {
    'servers.review': async ({ name, launch }, door: Door) => {
      const server = registry.need(name)
      if (!isDeepStrictEqual(launch, viewLaunch(server.launch))) {
        throw new CallError('CONFLICT', `what \`${name}\` runs was changed meanwhile`)
      }
      record('server.review_started', { server: name, door: door.name })
      registry.look(name)
      const inspected = await inspect(deps, server)
      const hash = reviewHash(server, inspected)
      reviews.set(name, { hash, inspected })
      const findings = findingsOf(server, inspected, registry.list())
      return shown(view(server), server, { inspected, findings, hash, lastUsed: await usage.lastUsed() })
    },

    'servers.approve': async ({ name, review_hash, tools: chosen }, door: Door) => {
      const server = registry.need(name)
      const review = reviews.get(name)
      const same = review && registry.driftFrom(review.inspected.identity, server.launch).length === 0
      if (!same || review.hash !== review_hash || reviewHash(server, review.inspected) !== review_hash) {
        throw new ToolgateError('SERVER_CHANGED', `\`${name}\` is no longer what the review showed, review it again`)
      }
      const { inspected } = review
      const approvalOf = approver(deps, server, findingsOf(server, inspected, registry.list()), door)
      const tools = pinsOf(inspected, chosen).map((pin) => ({ ...pin, approval: approvalOf(pin.review) }))
      const { generation, identity } = inspected
      record('server.approved', {
        ...{ server: name, door: door.name, review_hash, generation },
        files: viewIdentity(identity).files,
        package: identity.package,
        tools: tools.map(({ review: { name: tool, fingerprint, action, tier, repeatable }, approval }) => ({
          ...{ tool, fingerprint, action, tier, repeatable, expires_at: approval.expires_at, level: approval.level },
        })),
      })
      const approved = registry.approve(name, tools, inspected, now())
      reviews.delete(name)
      settle(deps, name)
      return view(approved)
    },

    'servers.changes': ({ name }) => {
      const signsOf = registry.nameSigns()
      const some = name === undefined ? registry.list() : [registry.need(name)]
      return some.flatMap((server) => changesOf(server, signsOf) ?? [])
    },

    'servers.deny': async ({ name, tools, server: wholeServer, instructions, reason }, door) => {
      const server = registry.need(name)
      const denials = denialsOf(server, { tools, wholeServer, instructions }, reviews.get(name)?.inspected).map(
        (denial) => ({
          ...denial,
          ...{ at: now(), by: nameAt(door, deps.user), reason },
        }),
      )
      if (denials.length === 0) throw new CallError('BAD_INPUT', 'nothing is named that could be denied')
      record('server.denied', { server: name, door: door.name, reason, denied: denials })
      const after = registry.deny(name, denials)
      settle(deps, name)
      return view(after)
    },

    'tools.progress': async ({ server: name }) => {
      const lastUsed = await usage.lastUsed()
      const server = registry.need(name)
      return progressOf(server, view(server), { ...deps, confinement: deps.servers.confinement }, lastUsed)
    },

    'tools.unused': () => usage.unused(registry.list()),

    'tools.retire': async ({ server: name, tools }, door) => {
      const server = registry.need(name)
      const unknown = tools.find((tool) => !server.tools.has(tool))
      if (unknown !== undefined)
        throw new CallError(
          'NOT_FOUND',
          `no reviewed tool \`${unknown}\` of \`${name}\``,
          `see \`toolgate tools list ${name}\``,
        )
      record('tool.retired', { server: name, tools, door: door.name })
      const after = registry.retire(name, tools)
      deps.approvals.recheck()
      return view(after)
    },
  }

  /** What runs still as it was ends, once it has nothing to do; what waits is decided anew. */
  function settle({ servers: running, approvals }: Pick<ReviewDeps, 'servers' | 'approvals'>, name: string): void {
    running.supervisor.relaunch(name)
    approvals.recheck()
  }
}

/** Runs a server once. What changes itself while it is looked at is not shown: nobody could say what was seen. */
async function inspect({ registry, servers, clock }: ReviewDeps, { name, launch }: Server): Promise<Inspected> {
  const before = registry.identify(launch)
  // For nobody but us, and yet held to what the rules bound it to.
  const use = { id: `review ${name}`, serverName: name, client: { name: 'Toolgate' } }
  const inspection = await inspectServer(launch, (found, on) => servers.start(found, on, use), clock)
  const identity = registry.identify(launch)
  if (!isDeepStrictEqual(viewIdentity(before).files, viewIdentity(identity).files)) {
    throw new ToolgateError(
      'SERVER_CHANGED',
      `the files of \`${name}\` changed while it was looked at, review it again`,
    )
  }
  return { ...inspection, identity }
}

type Seen = {
  inspected: Inspected
  findings: ToolFinding[]
  hash: string
  lastUsed: (server: string, tool: string) => string | null
}

function shown(view: ServerView, server: Server, { inspected, findings, hash, lastUsed }: Seen): ServerReview {
  const { instructions, identity } = inspected
  const compared = server.approved_at !== null
  return {
    ...{ server: view, review_hash: hash, identity: viewIdentity(identity) },
    tools: findings,
    last_used: findings.map(({ tool }) => lastUsed(server.name, tool.name)),
    runs: compared ? runChanges(server) : [],
    instructions,
    instruction_changes: compared ? instructionChanges(server.instructions, instructions) : [],
    instruction_warnings: injectionSigns(instructions),
  }
}

/**
 * Approves one tool after the other at a door: each takes the level of its tier, or of the proposed one where that is higher. What a
 * door does not reach keeps the approval that it has, unchanged. Throws `CallError` LEVEL_TOO_HIGH where it has none.
 */
function approver({ registry, user }: ReviewDeps, server: Server, findings: readonly ToolFinding[], door: Door) {
  const most = levelAt(door)
  return (review: ToolReview): ToolApproval => {
    const pinned: PinnedTool | undefined = server.tools.get(review.name)
    const finding = findings.find(({ tool }) => tool.name === review.name)
    const level = Math.max(review.tier, finding?.level ?? 3)
    if (level <= most) return registry.approvalNow({ by: nameAt(door, user), door: door.name, level })
    if (pinned && finding?.status === 'unchanged' && isDeepStrictEqual(review, pinned.review)) return pinned.approval
    throw new CallError(
      'LEVEL_TOO_HIGH',
      `\`${review.name}\` takes level ${level} (its tier), a terminal approves up to ${most}`,
    )
  }
}

type Named = { tools: readonly string[]; wholeServer: boolean; instructions: boolean }

/** What is said no to, with what had changed of it. Throws `CallError` NOT_FOUND for a tool that nobody knows. */
function denialsOf(server: Server, named: Named, seen: Inspected | undefined): Omit<Denial, 'at' | 'by' | 'reason'>[] {
  const said = server.said ?? seen?.instructions ?? null
  const changesOfTool = (tool: string): Change[] => {
    const [pinned, live] = [server.tools.get(tool), seen?.tools.find(({ name }) => name === tool)]
    return server.held.get(tool)?.changes ?? (pinned && live ? definitionChanges(pinned.definition, live) : [])
  }
  const unknown = named.tools.find((tool) => !server.tools.has(tool) && !server.unreviewed.has(tool))
  if (unknown !== undefined)
    throw new CallError(
      'NOT_FOUND',
      `\`${server.name}\` offers no tool \`${unknown}\``,
      `see \`toolgate tools list ${server.name}\``,
    )
  return [
    ...(named.wholeServer ? [{ what: 'server' as const, tool: null, changes: runChanges(server) }] : []),
    ...(named.instructions
      ? [
          {
            ...{ what: 'instructions' as const, tool: null },
            changes: said === null ? [] : instructionChanges(server.instructions, said),
          },
        ]
      : []),
    ...named.tools.map((tool) => ({
      ...{ what: 'tool' as const, tool },
      changes: changesOfTool(tool).map(({ text }) => text),
    })),
  ]
}
