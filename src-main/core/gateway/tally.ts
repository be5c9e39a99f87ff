import { traffic } from '../../../shared/traffic.ts'
import type { Message } from '../json/message.ts'
import { asksUndecided } from '../pipeline/asked.ts'
import type { SessionEvent } from './admission.ts'

/**
 * Counts the news of a server that pass without a record of their own: they say nothing that anybody decided, and a server that logs or
 * reports progress may send thousands, which would bury the calls. Methods that nobody knows count together.
 */
export function createTally(event: SessionEvent) {
  const counts = new Map<string, number>()
  return {
    /** Counts one; false for one that reaches nobody, which is recorded. Throws AUDIT_UNWRITABLE. */
    passes(message: Message): boolean {
      const { method } = message
      if (asksUndecided(message)) {
        event('message.withheld', { method, why: 'it asks the client for something' })
        return false
      }
      const name = method !== null && Object.hasOwn(traffic, method) ? method : 'other'
      counts.set(name, (counts.get(name) ?? 0) + 1)
      return true
    },
    any: () => counts.size > 0,
    counts: () => Object.fromEntries(counts),
  }
}
