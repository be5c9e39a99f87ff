import { isDeepStrictEqual } from 'node:util'
import { type Message, objectOf, parseMessage } from '../../json/message.ts'
import { openDiscovery } from './discover.ts'
import type { Face, FaceDeps } from './face.ts'
import type { LegacyFace } from './legacy-client.ts'
import { metaKeys } from './vocabulary.ts'

type Rejoin = {
  initialize: Message
  /** What the server said it is when its client was greeted. */
  discovered: Message
  deps: FaceDeps
  /** Keeps what the client says meanwhile; throws when it is too much. */
  keep: (early: Buffer[], line: Buffer) => void
  use: (face: Face) => void
}

/**
 * A client of the generation with sessions on servers of the stateless one, which end and are there again: with the first request after
 * that the new process is asked whether it is what the client was told, and if so, the session goes on.
 */
export function thatGoesOn(bridged: LegacyFace, rejoin: Rejoin): Face {
  const { initialize, discovered, deps, keep, use } = rejoin
  const running: Face = { ...bridged, serverEnded }
  const resting: Face = { ...bridged, fromClient: wake, serverEnded }

  function serverEnded(): Face {
    bridged.forget()
    return resting
  }

  /** Only a request starts a server again. */
  function wake(line: Buffer): void {
    if (parseMessage(line).kind === 'request') ask(line)
    else bridged.fromClient(line)
  }

  function ask(first: Buffer): void {
    const early = [first]
    const asking = openDiscovery(initialize, deps, (now, error) => {
      if (now && isSame(discovered, now)) {
        use(running)
        bridged.resume()
        for (const line of early) running.fromClient(line)
      } else if (now || !error) deps.end('after its restart it is not the server that it was: connect again')
      else {
        use(resting)
        for (const { id, kind } of early.map((line) => parseMessage(line))) {
          if (kind === 'request' && id) deps.lost(id, error)
        }
      }
    })
    use({
      ...asking,
      fromClient: (line) => keep(early, line),
      serverEnded() {
        asking.close()
        return resting
      },
    })
  }

  return running
}

/** What is nested too deep to compare is not the same as anything. */
function isSame(one: Message, other: Message): boolean {
  try {
    return isDeepStrictEqual(said(one), said(other))
  } catch {
    return false
  }
}

function said({ json }: Message) {
  const { capabilities, _meta } = objectOf(json.result)
  return { capabilities, name: objectOf(objectOf(_meta)[metaKeys.server]).name }
}
