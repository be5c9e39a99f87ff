import { tenantIn } from '../../../shared/credential.ts'
import type { Deps } from '../pipeline/call.ts'
import type { SessionEvent } from './admission.ts'
import type { SessionInfo } from './session.ts'

/** Longest text in what is recorded of an event: methods and keys can be as long as messages, and the record is kept for years. */
const longest = 1_000

/** What is recorded of an event, its texts cut to what a person would read. */
export function bounded(detail: Record<string, unknown>): Record<string, unknown> {
  const cut = (value: unknown) =>
    typeof value === 'string' && value.length > longest ? value.slice(0, longest) : value
  return Object.fromEntries(Object.entries(detail).map(([key, value]) => [key, cut(value)]))
}

/** Records why something is refused that has no record of its own; what to tell: that, or that it cannot be recorded. */
export type Noted = (name: string, detail: Record<string, unknown>, error: unknown) => unknown

/** Records what happens in a session that is no call. */
export function recordEvents({ id, serverName, client }: SessionInfo, { audit, user }: Deps) {
  const event: SessionEvent = (name, detail) => {
    const entry = { session_id: id, server: serverName, client: client.name, ...tenantIn(client), ...bounded(detail) }
    audit.append([{ kind: 'event', event: name, user_id: user, detail: entry }])
  }

  const noted: Noted = (name, detail, error) => {
    try {
      event(name, detail)
      return error
    } catch (unrecorded) {
      return unrecorded
    }
  }
  return { event, noted }
}
