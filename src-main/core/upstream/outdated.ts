import { isDeepStrictEqual } from 'node:util'
import type { LaunchSpec } from '../../../shared/server.ts'
import type { ServerUse } from '../registry/inspect.ts'
import type { SupervisorDeps } from './supervisor.ts'

/** Whether what was launched for a session is no longer what it should be: its settings changed, or what it is held to. */
export function isOutdated(
  launch: LaunchSpec,
  use: ServerUse,
  { confinement, launchOf }: Pick<SupervisorDeps, 'confinement' | 'launchOf'>,
): boolean {
  if (!confinement.isCurrent(use)) return true
  try {
    const current = launchOf(use.serverName)
    return current !== launch && !isDeepStrictEqual(current, launch)
  } catch {
    // What it runs is not approved any more.
    return true
  }
}
