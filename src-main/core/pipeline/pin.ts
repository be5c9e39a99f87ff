import { mayRun } from '../registry/server-record.ts'
import type { Deps, OpenCall, PinnedCall } from './call.ts'
import { Refused } from './refused.ts'

/**
 * Stages 2 and 3: which server and tool this is, and whether the tool is still what a person reviewed. Nothing is refused
 * here; what is missing or changed becomes a fact that the decision denies on. Rejects when the server cannot be asked, and with
 * SERVER_CHANGED when it is another one once it has answered.
 */
export async function pin(call: OpenCall, { registry }: Deps): Promise<PinnedCall> {
  const { kind, serverName, toolName, live } = call.request
  const before = registry.find(serverName)
  // Only tools have definitions to review; the rest belongs to a server that was approved.
  const definition = kind === 'tool' && before && mayRun(before) ? await live(toolName) : null
  const server = registry.find(serverName)
  const nothing = { tool: null, changes: [] }
  if (!server) registry.unknown.note(serverName)
  if (!server) return { ...call, ...nothing, server: null, standing: 'unknown' }
  if (!mayRun(server)) return { ...call, ...nothing, server, standing: 'unreviewed' }
  if (kind !== 'tool') return { ...call, ...nothing, server, standing: 'reviewed' }
  if (server.launch !== before?.launch) throw new Refused('SERVER_CHANGED', 'blocked')
  if (!definition) return { ...call, ...nothing, server, standing: 'unknown' }
  const standing = registry.compare(serverName, definition)
  switch (standing.state) {
    case 'reviewed':
      return { ...call, server, tool: standing.tool, standing: 'reviewed', changes: [] }
    case 'held':
      return {
        ...call,
        server,
        tool: null,
        standing: 'held',
        changes: [...new Set(standing.changes.map(({ what }) => what))],
      }
    case 'due':
    case 'unreviewed':
      return { ...call, ...nothing, server, standing: standing.state }
  }
}
