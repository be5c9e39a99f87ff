import type { Clock } from '../../ports.ts'
import type { OAuthTable } from '../../store/oauth-tables.ts'
import { createAdapters } from './adapter.ts'
import { type Bounds, createBounds } from './bounds.ts'
import type { Provider } from './provider.ts'

/** What there is of one way in, this machine (null) or the public origin: nothing that came to be at one counts at the other. */
export type Realm = {
  publicOrigin: string | null
  adapter: ReturnType<typeof createAdapters>
  bounds: Bounds
  /** By their issuers: an address of this machine has two spellings. */
  providers: Map<string, Promise<Provider>>
}

/** The two ways in; that of a public origin is made when somebody comes by it. */
export function createRealms(deps: {
  table: OAuthTable
  clock: Clock
  /** See `createAdapters`. */
  onEnded: (client: string, tenant: string) => void
}) {
  const { table, clock, onEnded } = deps
  const here = newRealm(null)
  let network: Realm | null = null

  function newRealm(publicOrigin: string | null): Realm {
    const over = () => publicOrigin !== null && network?.adapter !== adapter
    const adapter = createAdapters({ table, now: clock.now, publicOrigin, over, onEnded })
    return { publicOrigin, adapter, bounds: createBounds(clock), providers: new Map() }
  }

  return {
    of(publicOrigin: string | null): Realm {
      if (publicOrigin === null) return here
      if (network?.publicOrigin !== publicOrigin) network = newRealm(publicOrigin)
      return network
    },
    /** The public origin is another, or none: what still goes on at the one before finds and keeps nothing. */
    endPublic(): void {
      network = null
    },
  }
}
