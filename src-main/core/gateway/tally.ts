import { traffic } from '../../../shared/traffic.ts'

/**
 * Counts what passes from a server without a record of its own: it says nothing that anybody decided, and a server that logs or
 * reports progress may send thousands, which would bury the calls. Methods that nobody knows count together.
 */
export function createTally() {
  const counts = new Map<string, number>()
  return {
    count(method: string | null): void {
      const name = method !== null && Object.hasOwn(traffic, method) ? method : 'other'
      counts.set(name, (counts.get(name) ?? 0) + 1)
    },
    any: () => counts.size > 0,
    counts: () => Object.fromEntries(counts),
  }
}
