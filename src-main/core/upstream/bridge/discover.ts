import type { ToolgateError } from '../../../../shared/errors.ts'
import { type Message, objectOf } from '../../json/message.ts'
import type { Face, FaceDeps } from './face.ts'
import { modernMetaFor } from './legacy-client.ts'
import { createPeer } from './peer.ts'

/** How long a server may take to say what it is. */
const discoverMs = 20_000

/**
 * Asks a server what it is in the words of the stateless generation, for a client that began with `initialize`. `found` gets its answer, or
 * null when it gave none, and why, where the request failed.
 */
export function openDiscovery(
  initialize: Message,
  deps: FaceDeps,
  found: (discovered: Message | null, error?: ToolgateError) => void,
): Omit<Face, 'fromClient'> {
  const peer = createPeer(deps, { request: () => {}, notification: () => {} })
  const stopTimer = deps.clock.after(discoverMs, () => found(null))
  const answered = (answer: Message | null, error?: ToolgateError) => {
    stopTimer()
    const { supportedVersions } = objectOf(answer?.json.result)
    found(answer && Array.isArray(supportedVersions) ? answer : null, error)
  }
  peer.ask('server/discover', () => `{"_meta":${modernMetaFor(initialize)}}`, {
    answered,
    failed: (error) => answered(null, error),
  })
  return {
    line: peer.fromServer,
    tooLong: peer.tooLong,
    skipped: peer.skipped,
    lost: ({ text }, error) => void peer.lost(text, error),
    close: stopTimer,
  }
}
