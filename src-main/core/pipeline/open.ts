import { newId } from '../ids.ts'
import { noHistory } from '../risk/history.ts'
import type { CallRequest, Deps, OpenCall } from './call.ts'
import { createTrail } from './trail.ts'

/** Stage 1: an id, and the place where the call's entries go. */
export function open(request: CallRequest, deps: Deps): OpenCall {
  const id = newId('call', deps.clock.now())
  const continues = deps.continuations.find(request)
  return {
    id,
    request,
    trail: createTrail(id, request, deps, continues?.callId ?? request.correlation ?? id),
    continues,
    // What a server asks of a client says nothing of the client.
    arrived: request.from === 'client' ? deps.history.arrived(request.client.id) : noHistory,
  }
}
