import type { Deps } from '../pipeline/call.ts'
import type { SessionEvent } from './admission.ts'
import type { SessionInfo } from './session.ts'

/** Records what happens in a session that is no call. */
export function recordEvents({ id, serverName, client }: SessionInfo, { audit, user }: Deps) {
  const event: SessionEvent = (name, detail) => {
    const entry = { session_id: id, server: serverName, client: client.name, ...detail }
    audit.append([{ kind: 'event', event: name, user_id: user, detail: entry }])
  }

  return {
    event,

    /** Records why something is refused that has no record of its own; what to tell: that, or that it cannot be recorded. */
    noted(name: string, detail: Record<string, unknown>, error: unknown): unknown {
      try {
        event(name, detail)
        return error
      } catch (unrecorded) {
        return unrecorded
      }
    },
  }
}
