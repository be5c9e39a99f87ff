import { type ApprovalState, approvalState } from '../../../shared/approval-state.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import type { LaunchSpec, ServerFacts } from '../../../shared/server.ts'
import type { Denial } from '../../../shared/server-change.ts'
import type { ToolApproval } from '../../../shared/tool-approval.ts'
import { canonicalJson } from '../audit/canonical.ts'
import type { LaunchValues } from '../vault/launch-values.ts'
import { fingerprint, type ToolDefinition } from './definition.ts'
import { definitionChanges } from './diff.ts'
import { driftOf, type Identity, identify } from './identity/identity.ts'
import { createNameSigns, namesOf } from './name-signs.ts'
import {
  bodyOf,
  launchHash,
  loadServers,
  mayRun,
  nothingSeen,
  type PinnedTool,
  rowOf,
  type Server,
  type ServerBody,
  signedAs,
  textHash,
} from './server-record.ts'
import { createStandings, mostUnreviewed, type RegistryDeps } from './standings.ts'
import { lifeOf } from './tool-life.ts'
import { createUnknownServers } from './unknown-servers.ts'
import { viewLaunch } from './view.ts'

/** What a person says about a server when adding it. */
export type NewServer = Pick<ServerBody, 'launch' | 'trust_level' | 'environment' | 'risk_tags'> & {
  name: string
} & Maybe<ServerFacts>

type Maybe<T> = { [K in keyof T]?: T[K] | undefined }
type Changes = Maybe<Omit<NewServer, 'name'>>

/** What a review saw, all of which an approval pins; of `tools` what was chosen. */
export type Seen = {
  generation: 'legacy' | 'modern'
  instructions: string
  identity: Identity
  tools: readonly ToolDefinition[]
}

export type Registry = ReturnType<typeof createRegistry>

/**
 * The servers of this instance, their reviewed tools and their pins; the database is the truth, this is its working copy.
 */
export function createRegistry(deps: RegistryDeps) {
  const { table, values, programOf, now } = deps
  const servers = loadServers(table, deps.lifetimeDays())
  const unknown = createUnknownServers()
  /** Made anew after any name came or went. */
  let signs: ReturnType<typeof createNameSigns> | null = null

  const need = (name: string): Server => {
    const server = servers.get(name)
    if (!server) throw new ToolgateError('SERVER_UNKNOWN', `\`${name}\``)
    return server
  }
  const save = (server: Server) => {
    table.put(server.name, bodyOf(server))
    servers.set(server.name, server)
    signs = null
  }
  /** Called once nothing refers to it any more. */
  const forget = (launch: LaunchSpec) =>
    values.forget(
      launch,
      [...servers.values()].map((server) => server.launch),
    )

  const open = [...servers.values()].filter((server) => !server.sealed)
  for (const server of open) save(sealed(server, values))
  if (open.length > 0) table.scrub()

  return {
    list: () => [...servers.values()],
    find: (name: string) => servers.get(name) ?? null,
    need,
    unknown,

    /** What is odd about a name, among all that are known. */
    nameSigns(): ReturnType<typeof createNameSigns> {
      signs ??= createNameSigns(namesOf(servers.values()))
      return signs
    },

    /** What review found the server that is registered like this to speak; null when there is none, or no review. */
    generationOf: (launch: LaunchSpec) =>
      [...servers.values()].find((server) => server.launch === launch)?.generation ?? null,

    /** Registers a server, unapproved; re-registering one drops its approval and its pins. */
    add(input: NewServer, at: string): Server {
      const { name, owner = '', purpose = '', sql_dialect = null, ...rest } = input
      const before = servers.get(name)
      const server: Server = {
        ...{ name, ...rest, owner, purpose, sql_dialect },
        ...{ launch: signedAs(name, values.seal(input.launch)), sealed: true, generation: null },
        ...{ added_at: at, approved_at: null, approved_launch: null, approved_view: null, identity: null },
        ...{ approved_instructions: null, instructions: null, denied: [], tools: new Map(), ...nothingSeen() },
      }
      table.setTools(name, [])
      save(server)
      if (before) forget(before.launch)
      return server
    },

    /**
     * Changes what a server runs or how it is judged; its pins stay, to compare with. Another launch is not what was approved; how
     * it is judged was approved too, so that another judgement withdraws the approval.
     */
    change(name: string, wanted: Changes): Server {
      const before = need(name)
      const { launch: plain, ...judged } = wanted
      const launch = plain ? signedAs(name, values.seal(plain)) : before.launch
      const changed = Object.entries(judged).filter(([, value]) => value !== undefined)
      const server: Server = { ...before, ...Object.fromEntries(changed), launch }
      const judges = ({ trust_level, environment, risk_tags, sql_dialect }: Server) =>
        canonicalJson({ trust_level, environment, risk_tags, sql_dialect })
      if (judges(server) !== judges(before)) server.approved_launch = null
      save(server)
      if (plain) forget(before.launch)
      return server
    },

    /** What a server runs or how it is reached, with the values that people gave. Throws VAULT_UNREADABLE. */
    opened: (name: string): LaunchSpec => values.open(need(name).launch),

    remove(name: string): void {
      const { launch } = need(name)
      table.remove(name)
      servers.delete(name)
      signs = null
      forget(launch)
    },

    /** Pins what a person reviewed: what the server runs and consists of, what it instructs, and every tool's definition. */
    approve(name: string, tools: readonly PinnedTool[], seen: Seen, at: string): Server {
      const server = need(name)
      const { generation, instructions, identity } = seen
      const left = leftOut(server, tools, seen.tools)
      const pins = [...tools, ...left.map(({ pinned }) => pinned)]
      table.setTools(name, pins.map(rowOf))
      const approved: Server = {
        ...{ ...server, ...nothingSeen(), generation, instructions, identity, denied: [], approved_at: at },
        ...{ approved_launch: launchHash(server.launch), approved_view: viewLaunch(server.launch) },
        approved_instructions: textHash(instructions),
        tools: new Map(pins.map((tool) => [tool.review.name, tool])),
        held: new Map(left.map(({ pinned, live, changes }) => [pinned.review.name, { live, changes }])),
        unreviewed: new Map(unpinned(pins, seen.tools)),
      }
      save(approved)
      return approved
    },

    /** An approval that is made now by somebody, at a level. */
    approvalNow: (by: Pick<ToolApproval, 'by' | 'door' | 'level'>): ToolApproval =>
      lifeOf({ ...by, at: new Date(now()).toISOString() }, deps.lifetimeDays()),

    /** What a server consists of right now. Throws SERVER_START_FAILED. */
    identify: (launch: LaunchSpec): Identity => identify(launch, programOf),

    /** How what a server consists of differs from what was seen of it, in words. */
    driftFrom: (seen: Identity, launch: LaunchSpec): string[] => driftOf(seen, launch, programOf),

    /** Keeps what a person said no to: it is refused until a review approves it. What was denied before stays so. */
    deny(name: string, denials: readonly Denial[]): Server {
      const server = need(name)
      const key = ({ what, tool }: Denial) => `${what} ${tool}`
      const added = new Set(denials.map(key))
      server.denied = [...server.denied.filter((denial) => !added.has(key(denial))), ...denials]
      save(server)
      return server
    },

    /** How many approvals are over, and how many end soon. */
    reviews() {
      const states = [...servers.values()].flatMap(({ tools }) =>
        [...tools.values()].map(({ approval }) => approvalState(approval, now())),
      )
      const count = (state: ApprovalState) => states.filter((it) => it === state).length
      return { due: count('review_due'), soon: count('review_soon') }
    },

    /** Takes the approval of tools away; they are refused like any that nobody reviewed. */
    retire(name: string, tools: readonly string[]): Server {
      const server = need(name)
      for (const tool of tools) {
        server.tools.delete(tool)
        server.held.delete(tool)
      }
      table.setTools(name, [...server.tools.values()].map(rowOf))
      save(server)
      return server
    },

    ...createStandings({ ...deps, need, save, all: () => servers.values(), named: () => (signs = null) }),
  }
}

/** Tools that changed and were not approved as they are now: their pins stay, to compare with, and they stay held. */
function leftOut(server: Server, chosen: readonly PinnedTool[], offered: readonly ToolDefinition[]) {
  const names = new Set(chosen.map(({ review }) => review.name))
  return offered.flatMap((live) => {
    const pinned = names.has(live.name) ? undefined : server.tools.get(live.name)
    if (!pinned || pinned.review.fingerprint === fingerprint(live)) return []
    return [{ pinned, live, changes: definitionChanges(pinned.definition, live) }]
  })
}

/** Tools that it offers and of which nothing is pinned. */
function unpinned(pins: readonly PinnedTool[], offered: readonly ToolDefinition[]): [string, ToolDefinition][] {
  const names = new Set(pins.map(({ review }) => review.name))
  return offered
    .filter(({ name }) => !names.has(name))
    .slice(0, mostUnreviewed)
    .map((live) => [live.name, live])
}

/** A server from before there was a vault, its values in it now; what was approved stays approved. */
function sealed(server: Server, values: LaunchValues): Server {
  const launch = values.seal(server.launch)
  return {
    ...server,
    launch,
    sealed: true,
    approved_launch: mayRun(server) ? launchHash(launch) : server.approved_launch,
  }
}
