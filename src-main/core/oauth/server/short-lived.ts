import type { Adapter, AdapterPayload } from 'oidc-provider'

/** Records that are kept at once; the oldest goes first. */
const mostKept = 200

/** Keeps what lives for minutes in memory: authorization requests whose browser waits. */
export function createShortLived(now: () => number): Adapter {
  const kept = new Map<string, { payload: AdapterPayload; until: number }>()
  return {
    async upsert(id, payload, expiresIn) {
      kept.delete(id)
      for (const [oldest, { until }] of kept) {
        if (kept.size < mostKept && until > now()) break
        kept.delete(oldest)
      }
      kept.set(id, { payload, until: now() + (expiresIn ?? 0) * 1000 })
    },
    async find(id) {
      const found = kept.get(id)
      return found && found.until > now() ? found.payload : undefined
    },
    async destroy(id) {
      kept.delete(id)
    },
    consume: async () => undefined,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    revokeByGrantId: async () => undefined,
  }
}
