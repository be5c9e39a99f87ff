import { createHash } from 'node:crypto'
import { canonicalJson } from '../audit/canonical.ts'
import type { Server } from '../registry/server-record.ts'

/** What pins a tool of a server now, or, where `tool` is empty, all that was reviewed of it; null when it is not there. */
export function pins(registry: { find: (name: string) => Server | null }) {
  return (server: string, tool: string): string | null => {
    const found = registry.find(server)
    if (!found) return null
    if (tool !== '') return found.tools.get(tool)?.review.fingerprint ?? null
    const all = [...found.tools.values()].map(({ review }) => [review.name, review.fingerprint, review.action])
    return createHash('sha256')
      .update(canonicalJson([found.approved_launch, all.sort()]))
      .digest('hex')
  }
}
