import { enforceableFor } from '../constraints/enforceable.ts'
import { missingScopes } from '../envelope/belongs.ts'
import { bareCall } from '../pipeline/bare-call.ts'
import type { Deps } from '../pipeline/call.ts'
import { accessFacts } from '../pipeline/decide.ts'
import { canEverBeAllowed } from '../policy/ever-allowed.ts'
import { type ToolDefinition, uiOf } from '../registry/definition.ts'
import { mayRun, type PinnedTool } from '../registry/server-record.ts'
import type { Speaks } from './news.ts'
import type { SessionInfo } from './session.ts'

/** The lists of a server, and which of the three announcements of change each belongs to. */
const announcements = { tools: 'tools', resources: 'resources', templates: 'resources', prompts: 'prompts' } as const
export type ListName = keyof typeof announcements
export type Announced = (typeof announcements)[ListName]

/** Things of one list that are kept in mind, to tell whether a change concerns them; beyond, any change does. */
const kept = 10_000

/** A tool that only apps of its server may call (MCP Apps, `_meta.ui.visibility`). */
export function isForAppsOnly(tool: ToolDefinition): boolean {
  const { visibility } = (uiOf(tool) ?? {}) as { visibility?: unknown }
  return Array.isArray(visibility) && !visibility.includes('model')
}

/**
 * What the client of one session sees of its server's lists: nothing that would be refused whatever it asks. Remembers what it was
 * shown, so that it hears of a change of policy or review exactly when that changes what it sees.
 */
export function createViews({ serverName, client }: SessionInfo, deps: Deps, speaks: () => Speaks) {
  const seen = new Map<ListName, Map<string, { tool: ToolDefinition | null; shown: boolean }>>()

  function visible(list: ListName, name: string, tool: ToolDefinition | null): boolean {
    const server = deps.registry.find(serverName)
    if (!server || !mayRun(server) || deps.haltOf(serverName, client.id) || deps.clientRevoked(client.id)) return false
    let pinned: PinnedTool | null = null
    if (tool) {
      const standing = deps.registry.compare(serverName, tool)
      if (standing.state !== 'reviewed' || (isForAppsOnly(tool) && !speaks().apps)) return false
      pinned = standing.tool
    }
    const { id, name: clientName, identity, tenant } = client
    const snapshot = deps.snapshot()
    const asked = {
      client: { id, name: clientName, identity, tenant },
      generation: speaks().generation,
      ...kindOf[list],
    }
    const envelope = bareCall({ ...asked, server, name, tool: pinned }, deps)
    const { enforceable } = enforceableFor(server, deps.confinement)
    if (missingScopes(envelope.scopes).length > 0) return false
    const relaxed = deps.observe.covers(serverName, client.id) || deps.overrides.covers(serverName, client.id)
    const observe = snapshot?.observe !== 'forbidden' && relaxed
    const bare = { envelope, named: list !== 'templates', enforceable, observe, ...accessFacts(deps, id) }
    return canEverBeAllowed(bare, snapshot)
  }

  return {
    /** Whether an item of a list is shown; it is remembered. */
    shows(list: ListName, name: string, tool: ToolDefinition | null = null): boolean {
      const items = seen.get(list) ?? new Map()
      seen.set(list, items)
      const shown = visible(list, name, tool)
      if (items.size <= kept) items.set(name, { tool, shown })
      return shown
    },

    /** The server says that its list changed: what was seen of it is old, and the client will ask again. */
    forget(announced: string): void {
      for (const [list, belongs] of Object.entries(announcements)) {
        if (belongs === announced) seen.delete(list as ListName)
      }
    },

    /** Which lists look different to the client by now than when it was last told. */
    changed(): Announced[] {
      const found = new Set<Announced>()
      for (const [list, items] of seen) {
        if (items.size > kept) found.add(announcements[list])
        for (const [name, item] of items) {
          const shown = visible(list, name, item.tool)
          if (shown !== item.shown) found.add(announcements[list])
          item.shown = shown
        }
      }
      return [...found]
    },
  }
}

const kindOf = {
  tools: { kind: 'tool', method: 'tools/call' },
  resources: { kind: 'resource', method: 'resources/read' },
  templates: { kind: 'resource', method: 'resources/read' },
  prompts: { kind: 'prompt', method: 'prompts/get' },
} as const
