import { hookedServerName, hookingClients } from '../../../shared/hooked-tools.ts'
import { isThere } from './process-start.ts'

/** More clients than anybody runs at a time. */
const mostRemembered = 64

/** Whether a server stands for the tools that are built into a client. */
export const isHookedServer = (name: string): boolean =>
  hookingClients.some((client) => hookedServerName(client) === name)

/**
 * Clients that asked by a hook, by process. A hook's session is over in a moment, but what its client runs next is governed all the
 * same: it must not count as a person's terminal.
 */
export function createHookingClients() {
  const pids = new Set<number>()
  return {
    add(pid: number): void {
      pids.delete(pid)
      pids.add(pid)
      const [oldest] = pids
      if (pids.size > mostRemembered && oldest !== undefined) pids.delete(oldest)
    },

    /** Those that still run. */
    running(): number[] {
      for (const pid of pids) if (!isThere(pid)) pids.delete(pid)
      return [...pids]
    },
  }
}
