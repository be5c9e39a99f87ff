import { tenantIn } from '../../../shared/credential.ts'
import { createFewEvents } from '../few-events.ts'
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
export function recordEvents(
  { id, serverName, client }: SessionInfo,
  deps: Pick<Deps, 'audit' | 'user' | 'clock' | 'log'>,
) {
  const kinds = new Map<string, ReturnType<typeof createFewEvents>>()

  const event: SessionEvent = (name, detail) => {
    const entry = { session_id: id, server: serverName, client: client.name, ...tenantIn(client), ...bounded(detail) }
    deps.audit.append([{ kind: 'event', event: name, user_id: deps.user, detail: entry }])
  }

  /** What a server or a client can bring about without end, which must not bury the calls: so many of each kind, and then their number. */
  const few: SessionEvent = (name, detail) => {
    const known = kinds.get(name) ?? createFewEvents(name, { clock: deps.clock, record: event, log: deps.log })
    kinds.set(name, known)
    known.record(detail)
  }

  const noted: Noted = (name, detail, error) => {
    try {
      few(name, detail)
      return error
    } catch (unrecorded) {
      return unrecorded
    }
  }

  /** Records what was only counted so far. */
  function close(): void {
    for (const kind of kinds.values()) kind.close()
  }
  return { event, few, noted, close }
}
