import { createHash } from 'node:crypto'
import { z } from 'zod'
import { trustLevels } from '../../../shared/envelope.ts'
import { LaunchSpec, LaunchView, noFacts, ServerFacts, ToolReview } from '../../../shared/server.ts'
import { Denial } from '../../../shared/server-change.ts'
import { ToolApproval } from '../../../shared/tool-approval.ts'
import { canonicalJson } from '../audit/canonical.ts'
import type { ServersTable } from '../store/registry-tables.ts'
import type { ToolDefinition } from './definition.ts'
import type { Change } from './diff.ts'
import { Identity } from './identity/identity.ts'
import { lifeOf } from './tool-life.ts'

/** A server as it is stored. */
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
  /** That launch as people saw it; null where it was approved before it was kept. */
  approved_view: LaunchView.nullable().default(null),
  /** What it consisted of when it was approved; null before it first starts after an approval that did not keep that. */
  identity: Identity.nullable().default(null),
  /** Values of headers and environment lie in the vault; before there was one, they lay here. */
  sealed: z.boolean().default(false),
  /** Hash of the server's instructions as they were approved; null when none were. */
  approved_instructions: z.string().nullable().default(null),
  /** The instructions themselves; null where they were approved before they were kept. */
  instructions: z.string().nullable().default(null),
  denied: z.array(Denial).default([]),
})
export type ServerBody = z.infer<typeof ServerBody>

/** A reviewed tool with the definition that was pinned, and until when that counts. */
export type PinnedTool = { review: ToolReview; definition: ToolDefinition; approval: ToolApproval }

/**
 * A registered server as the gateway uses it. `held` maps a tool to what changed since its review and what it became;
 * `unreviewed`: tools that it offers and nobody reviewed; `said`: instructions that it gave and nobody approved; `drift`: how
 * what it consists of differs from what was approved, in words.
 */
export type Server = ServerBody & {
  name: string
  said: string | null
  drift: string[]
  tools: Map<string, PinnedTool>
  held: Map<string, { changes: Change[]; live: ToolDefinition }>
  unreviewed: Map<string, ToolDefinition>
}

/** What of a server is only known while the gateway runs. */
export const nothingSeen = () => ({
  ...{ said: null, drift: [], held: new Map(), unreviewed: new Map() },
})

/** The servers of the database, with their tools. */
export function loadServers(table: ServersTable, lifetimeDays: number): Map<string, Server> {
  const servers = new Map<string, Server>()
  for (const { name, body } of table.all()) {
    const parsed = ServerBody.parse(JSON.parse(body))
    const launch = signedAs(name, parsed.launch)
    servers.set(name, { name, ...parsed, launch, tools: new Map(), ...nothingSeen() })
  }
  for (const { server: name, name: tool, review, definition, approval } of table.tools()) {
    const server = servers.get(name)
    server?.tools.set(tool, {
      review: ToolReview.parse(JSON.parse(review)),
      definition: JSON.parse(definition) as ToolDefinition,
      approval: approval
        ? ToolApproval.parse(JSON.parse(approval))
        : lifeOf({ by: '', door: '', level: 1, at: server.approved_at ?? server.added_at }, lifetimeDays),
    })
  }
  return servers
}

/** What is stored of a server. */
export function bodyOf({ name, tools, held, unreviewed, said, drift, ...body }: Server): string {
  return JSON.stringify({ ...body, launch: unnamed(body.launch) })
}

/** What is stored of a tool. */
export function rowOf({ review, definition, approval }: PinnedTool) {
  return {
    name: review.name,
    review: JSON.stringify(review),
    definition: JSON.stringify(definition),
    approval: JSON.stringify(approval),
  }
}

/** The launch of a server that knows under which name it signs in. */
export function signedAs(server: string, launch: LaunchSpec): LaunchSpec {
  return launch.transport === 'http' ? { ...launch, server } : launch
}

/** Under which name it signs in is no part of where it is reached. */
function unnamed(launch: LaunchSpec): LaunchSpec {
  if (launch.transport === 'stdio') return launch
  const { server, ...where } = launch
  return where
}

/** Specifications are never changed in place, so each is hashed once; every call asks. */
const launchHashes = new WeakMap<LaunchSpec, string>()

/** What stands for a launch in an approval: SHA-256, hex. */
export function launchHash(launch: LaunchSpec): string {
  const known = launchHashes.get(launch)
  if (known) return known
  const { transport, ...runs } = launch
  // Servers were approved before `transport` was there: what they run has not changed by it.
  const made = textHash(canonicalJson(transport === 'stdio' ? runs : unnamed(launch)))
  launchHashes.set(launch, made)
  return made
}

/** SHA-256, hex. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** True when a person approved exactly what this server would run now, and nothing of that was found to be otherwise. */
export function mayRun(server: Server): boolean {
  return (
    server.approved_launch !== null &&
    server.drift.length === 0 &&
    server.approved_launch === launchHash(server.launch) &&
    !server.denied.some(({ what }) => what === 'server')
  )
}
