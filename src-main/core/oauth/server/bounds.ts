import type { Clock } from '../../ports.ts'
import { createRate } from './rate.ts'

const minute = 60_000
const mostClients = 1_000

/** How often apps may ask at one way in, so that strangers of the network use up nothing of the programs here. */
export type Bounds = {
  mayRegister: () => boolean
  /** For whatever is no request for a token. */
  mayAsk: () => boolean
  /** The same for what pages lead browsers to, so that none of them uses up what apps have that open a browser. */
  mayBeLed: () => boolean
  /** A request for a token that brings something of a client that was let in counts as its own; null: it brings nothing that is known. */
  mayUseToken: (client: string | null) => boolean
}

/** The bounds of one way in, all of them unused. */
export function createBounds(clock: Clock): Bounds {
  const unknown = createRate(clock, 600, minute)
  const ofClients = new Map<string, () => boolean>()
  return {
    mayRegister: createRate(clock, 20, minute),
    mayAsk: createRate(clock, 600, minute),
    mayBeLed: createRate(clock, 120, minute),
    mayUseToken(client) {
      if (client === null) return unknown()
      if (ofClients.size >= mostClients) ofClients.clear()
      const own = ofClients.get(client) ?? createRate(clock, 120, minute)
      ofClients.set(client, own)
      return own()
    },
  }
}
