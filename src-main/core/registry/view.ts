import type { LaunchSpec, LaunchView, ServerView, ToolDefinitionView } from '../../../shared/server.ts'
import type { SignInView } from '../../../shared/sign-in.ts'
import type { ToolDefinition } from './definition.ts'
import { mayRun, type Server } from './registry.ts'
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

/** A server as people see it. */
export function viewServer(server: Server, sign_in: SignInView | null = null): ServerView {
  const { name, trust_level, environment, risk_tags, generation, added_at, approved_at } = server
  const { owner, purpose, sql_dialect } = server
  const known = server.approved_launch !== null
  const changed: ServerView['changed'] = [
    ...(known && !mayRun(server) ? (['launch'] as const) : []),
    ...(server.held.size > 0 ? (['tools'] as const) : []),
    ...(server.misinstructs ? (['instructions'] as const) : []),
  ]
  const state = !known ? 'registered' : changed.length === 0 ? 'approved' : 'changed'
  return {
    launch: viewLaunch(server.launch),
    ...{ name, trust_level, environment, risk_tags, state, changed, generation, added_at, approved_at },
    tools: [...server.tools.values()].map(({ review }) => review),
    shared_names: [...server.tools.keys()].map((tool) => sharedName({ server: name, name: tool })),
    ...{ owner, purpose, sql_dialect },
    ...{ held_tools: [...server.held.keys()], sign_in },
  }
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
