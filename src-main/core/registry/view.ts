import type { LaunchSpec, LaunchView, ServerView, ToolDefinitionView } from '../../../shared/server.ts'
import type { SignInView } from '../../../shared/sign-in.ts'
import type { ToolDefinition } from './definition.ts'
import { viewIdentity } from './identity/identity.ts'
import type { createNameSigns } from './name-signs.ts'
import { proposedTier } from './review.ts'
import { mayRun, type Server } from './server-record.ts'
import { sharedName } from './shared-name.ts'

/** A launch without the values of its environment and headers, which may be keys. */
export function viewLaunch(spec: LaunchSpec): LaunchView {
  if (spec.transport === 'http') {
    const { headers, server, ...launch } = spec
    return { ...launch, header_names: Object.keys(headers) }
  }
  const { env, ...launch } = spec
  return { ...launch, env_names: Object.keys(env) }
}

/** What is known of a server from elsewhere: how it is signed in to, and what its names look like among all. */
type Around = { sign_in?: SignInView | null; signsOf?: ReturnType<typeof createNameSigns> }

/** A server as people see it. */
export function viewServer(server: Server, { sign_in = null, signsOf }: Around = {}): ServerView {
  const { name, trust_level, environment, risk_tags, generation, added_at, approved_at } = server
  const { owner, purpose, sql_dialect, denied, identity } = server
  const known = server.approved_launch !== null
  const changed: ServerView['changed'] = [
    ...(known && !mayRun(server) ? (['launch'] as const) : []),
    ...(server.held.size > 0 ? (['tools'] as const) : []),
    ...(server.said === null ? [] : (['instructions'] as const)),
  ]
  const state = !known ? 'registered' : changed.length === 0 ? 'approved' : 'changed'
  const tools = [...server.tools.keys()]
  return {
    launch: viewLaunch(server.launch),
    ...{ name, trust_level, environment, risk_tags, state, changed, generation, added_at, approved_at },
    tools: [...server.tools.values()].map(({ review }) => review),
    approvals: [...server.tools.values()].map(({ approval }) => approval),
    shared_names: tools.map((tool) => sharedName({ server: name, name: tool })),
    ...{ owner, purpose, sql_dialect, denied, identity: identity && viewIdentity(identity) },
    ...{ held_tools: [...server.held.keys()], new_tools: [...server.unreviewed.keys()], sign_in },
    new_tiers: [...server.unreviewed.values()].map(proposedTier),
    odd_names: signsOf ? oddNames(name, tools, signsOf) : [],
  }
}

function oddNames(server: string, tools: readonly string[], signsOf: NonNullable<Around['signsOf']>) {
  return [null, ...tools]
    .map((tool) => ({ tool, signs: signsOf({ server, tool }) }))
    .filter(({ signs }) => signs.length > 0)
}

/** The pinned definitions of a server's tools, and what held ones say now, as people read them. */
export function viewDefinitions(server: Server): ToolDefinitionView[] {
  const text = (definition: ToolDefinition) => JSON.stringify(definition, null, 2)
  return [...server.tools.values()].map(({ review, definition }) => {
    const held = server.held.get(review.name)
    return {
      name: review.name,
      review,
      pinned: text(definition),
      held: held ? { live: text(held.live), changes: held.changes.map((change) => change.text) } : null,
    }
  })
}
