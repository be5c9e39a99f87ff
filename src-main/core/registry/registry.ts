import { createHash } from 'node:crypto'
import { z } from 'zod'
import { trustLevels } from '../../../shared/envelope.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import { LaunchSpec, noFacts, ServerFacts, ToolReview } from '../../../shared/server.ts'
import { canonicalJson } from '../audit/canonical.ts'
import type { ServersTable } from '../store/registry-tables.ts'
import type { LaunchValues } from '../vault/launch-values.ts'
import { fingerprint, type ToolDefinition } from './definition.ts'
import { type Change, definitionChanges } from './diff.ts'

const ServerBody = z.strictObject({
  launch: LaunchSpec,
  trust_level: z.enum(trustLevels),
  environment: z.string(),
  risk_tags: z.array(z.string()),
  owner: ServerFacts.shape.owner.default(noFacts.owner),
  purpose: ServerFacts.shape.purpose.default(noFacts.purpose),
  sql_dialect: ServerFacts.shape.sql_dialect.default(noFacts.sql_dialect),
  generation: z.enum(['legacy', 'modern']).nullable(),
  added_at: z.string(),
  approved_at: z.string().nullable(),
  /** Hash of the launch specification that was approved. */
  approved_launch: z.string().nullable(),
  /** Values of headers and environment lie in the vault; before there was one, they lay here. */
  sealed: z.boolean().default(false),
  /** Hash of the server's instructions as they were approved; null when none were. */
  approved_instructions: z.string().nullable().default(null),
})
type ServerBody = z.infer<typeof ServerBody>

/** A reviewed tool with the definition that was pinned. */
export type PinnedTool = { review: ToolReview; definition: ToolDefinition }

/**
 * A registered server as the gateway uses it. `held` maps a tool to what changed since its review and what it became; `misinstructs`: it has
 * given other instructions than those that were approved.
 */
export type Server = ServerBody & {
  name: string
  misinstructs: boolean
  tools: Map<string, PinnedTool>
  held: Map<string, { changes: Change[]; live: ToolDefinition }>
}

/** What a person says about a server when adding it. */
export type NewServer = Pick<ServerBody, 'launch' | 'trust_level' | 'environment' | 'risk_tags'> & {
  name: string
} & Maybe<ServerFacts>

type Maybe<T> = { [K in keyof T]?: T[K] | undefined }
type Changes = Maybe<Omit<NewServer, 'name'>>

/** How a tool that a server offers right now stands to its review. */
export type Standing =
  | { state: 'reviewed'; tool: PinnedTool }
  | { state: 'held'; changes: Change[] }
  | { state: 'unreviewed' }

/** Hears once of each change since a review: of a tool that stopped matching its pin, of a server's instructions. */
export type OnChange = {
  tool: (server: string, tool: string, changes: string[]) => void
  instructions: (server: string) => void
}

/** Specifications are never changed in place, so each is hashed once; every call asks. */
const launchHashes = new WeakMap<LaunchSpec, string>()

function launchHash(launch: LaunchSpec): string {
  const known = launchHashes.get(launch)
  if (known) return known
  const { transport, ...runs } = launch
  // Servers were approved before `transport` was there: what they run has not changed by it.
  const made = createHash('sha256')
    .update(canonicalJson(transport === 'stdio' ? runs : unnamed(launch)))
    .digest('hex')
  launchHashes.set(launch, made)
  return made
}

/** Under which name it signs in is no part of where it is reached. */
function unnamed(launch: LaunchSpec): LaunchSpec {
  if (launch.transport === 'stdio') return launch
  const { server, ...where } = launch
  return where
}

function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** True when a person approved exactly what this server would run now. */
export function mayRun(server: Server): boolean {
  return server.approved_launch !== null && server.approved_launch === launchHash(server.launch)
}

export type Registry = ReturnType<typeof createRegistry>

/**
 * The servers of this instance, their reviewed tools and their pins; the database is the truth, this is its working copy.
 */
export function createRegistry(table: ServersTable, onChange: OnChange, values: LaunchValues) {
  const servers = load(table)

  const need = (name: string): Server => {
    const server = servers.get(name)
    if (!server) throw new ToolgateError('SERVER_UNKNOWN', `\`${name}\``)
    return server
  }
  const save = (server: Server) => {
    const { name, tools, held, misinstructs, ...body } = server
    table.put(name, JSON.stringify({ ...body, launch: unnamed(body.launch) }))
    servers.set(name, server)
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

    /** What review found the server that is registered like this to speak; null when there is none, or no review. */
    generationOf: (launch: LaunchSpec) =>
      [...servers.values()].find((server) => server.launch === launch)?.generation ?? null,

    /** Registers a server, unapproved; re-registering one drops its approval and its pins. */
    add(input: NewServer, now: string): Server {
      const { name, owner = '', purpose = '', sql_dialect = null, ...rest } = input
      const before = servers.get(name)
      const launch = named(name, values.seal(input.launch))
      const server: Server = {
        ...{
          name,
          ...rest,
          ...{ owner, purpose, sql_dialect },
          launch,
          sealed: true,
          generation: null,
          added_at: now,
          approved_at: null,
          approved_launch: null,
        },
        ...{ approved_instructions: null, misinstructs: false, tools: new Map(), held: new Map() },
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
      const launch = plain ? named(name, values.seal(plain)) : before.launch
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
      forget(launch)
    },

    /** Pins what a person reviewed: what the server runs, what it instructs, and every tool's definition. */
    approve(
      name: string,
      tools: readonly PinnedTool[],
      seen: { generation: 'legacy' | 'modern'; instructions: string },
      now: string,
    ): Server {
      const server = need(name)
      table.setTools(
        name,
        tools.map(({ review, definition }) => ({
          name: review.name,
          review: JSON.stringify(review),
          definition: JSON.stringify(definition),
        })),
      )
      const approved: Server = {
        ...{ ...server, generation: seen.generation, approved_at: now, approved_launch: launchHash(server.launch) },
        ...{ approved_instructions: textHash(seen.instructions), misinstructs: false },
        ...{ tools: new Map(tools.map((tool) => [tool.review.name, tool])), held: new Map() },
      }
      save(approved)
      return approved
    },

    /** True when these are the instructions that were approved; a difference is remembered until the next review. */
    instructed(name: string, instructions: string): boolean {
      const server = need(name)
      if (server.approved_instructions === textHash(instructions)) return true
      if (!server.misinstructs) onChange.instructions(name)
      server.misinstructs = true
      return false
    },

    /** Compares what a server says a tool is now with its pin, and remembers a difference until the next review. */
    compare(name: string, live: ToolDefinition): Standing {
      const server = need(name)
      const pinned = server.tools.get(live.name)
      if (!pinned) return { state: 'unreviewed' }
      const held = server.held.get(live.name)
      if (fingerprint(live) === pinned.review.fingerprint)
        return held ? { state: 'held', changes: held.changes } : { state: 'reviewed', tool: pinned }
      const changes = definitionChanges(pinned.definition, live)
      if (!held)
        onChange.tool(
          name,
          live.name,
          changes.map(({ text }) => text),
        )
      server.held.set(live.name, { changes, live })
      return { state: 'held', changes }
    },
  }
}

function load(table: ServersTable): Map<string, Server> {
  const servers = new Map<string, Server>()
  for (const { name, body } of table.all()) {
    const parsed = ServerBody.parse(JSON.parse(body))
    servers.set(name, {
      name,
      ...parsed,
      launch: named(name, parsed.launch),
      misinstructs: false,
      tools: new Map(),
      held: new Map(),
    })
  }
  for (const { server, name, review, definition } of table.tools()) {
    servers.get(server)?.tools.set(name, {
      review: ToolReview.parse(JSON.parse(review)),
      definition: JSON.parse(definition) as ToolDefinition,
    })
  }
  return servers
}

/** The launch of a server that knows under which name it signs in. */
function named(server: string, launch: LaunchSpec): LaunchSpec {
  return launch.transport === 'http' ? { ...launch, server } : launch
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
