import type { Core } from '../core/core.ts'
import type { ProcessTable } from '../core/presence/process-table.ts'
import { systemProcesses } from '../core/presence/system-processes.ts'

/**
 * A sign-in link for the app from a gateway that this process has just started: to start it is the proof that is asked of a
 * person here, so none is given to what a governed server started. Says why when there is none.
 */
export async function firstLink(core: Core): Promise<{ url: string } | { why: string }> {
  if (await isGoverned(systemProcesses(), process.pid)) {
    return { why: 'something that Toolgate governs started this gateway; get one with `toolgate open`' }
  }
  try {
    return await core.handlers['app.link']({}, { name: 'terminal', present: false, pid: process.pid })
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) }
  }
}

/** Whether `pid` or anything above it carries the mark that servers hand on; where the system tells nothing, nothing does. */
async function isGoverned(table: ProcessTable | null, pid: number): Promise<boolean> {
  for (let next = pid; table && next > 1; ) {
    const [facts, marking] = await Promise.all([table.read(next), table.marking(next)])
    if (marking === 'marked') return true
    // What hides from us belongs to another user, as sshd does, and servers run as this one.
    next = facts?.parent ?? 0
  }
  return false
}
