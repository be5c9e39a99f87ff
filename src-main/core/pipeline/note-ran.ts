import { calledTool } from '../risk/history.ts'
import type { Deps, SettledCall } from './call.ts'

/** Notes a call that runs where it matters that it did: for what is new about later ones, and for whatever let it through. */
export function noteRan(
  { request, tool, decision }: SettledCall,
  { history, overrides, observe }: Pick<Deps, 'history' | 'overrides' | 'observe'>,
): void {
  const { serverName, client } = request
  if (tool) history.ran(calledTool(request, tool))
  if (decision.overridden) overrides.used(serverName, client.id)
  else if (decision.observed !== null) observe.relaxed(serverName, client.id)
}
