import { createHash, randomBytes } from 'node:crypto'
import { canonicalJson } from '../../audit/canonical.ts'
import { changedMembers } from '../../json/changed-members.ts'
import { parseExact } from '../../json/exact.ts'
import { type Message, paramsOf } from '../../json/message.ts'
import type { Clock } from '../../ports.ts'

/** How long a client may take to come back with what was asked, and how many requests may wait for that. */
const parkedMs = 10 * 60_000
const mostParked = 64
const shape = /^toolgate-[\w-]{43}$/

/** What a request is, without what a repeated one adds: its method and parameters, however they are written. */
export function sameness({ raw, method, spans }: Message): string {
  const params = changedMembers(raw, spans.get('params'), { _meta: null, inputResponses: null, requestState: null })
  try {
    return createHash('sha256')
      .update(`${method}\n${canonicalJson(parseExact(params))}`)
      .digest('hex')
  } catch {
    // What has no single text is the same as nothing.
    return randomBytes(32).toString('hex')
  }
}

/**
 * Requests that wait at their server until their client comes back with what the server asked. What the client holds (`requestState`) is
 * 256 random bits and says nothing: it cannot be forged, is good once, for the same request, in this session and for ten minutes.
 * `expired` hears of those that nobody came back for.
 */
export function createParked<T>(clock: Clock, expired: (parked: T) => void) {
  const parked = new Map<string, { request: T; same: string; stop: () => void }>()

  function drop(state: string): void {
    const entry = parked.get(state)
    if (!entry || !parked.delete(state)) return
    entry.stop()
    expired(entry.request)
  }

  return {
    /** Parks a request that is the `same` as what will come back; gives the state that its client brings. */
    park(request: T, same: string): string {
      for (const oldest of parked.keys()) {
        if (parked.size < mostParked) break
        drop(oldest)
      }
      const state = `toolgate-${randomBytes(32).toString('base64url')}`
      parked.set(state, { request, same, stop: clock.after(parkedMs, () => drop(state)) })
      return state
    },

    /** The request that a repeated one goes on with, which is then no longer parked; null when its state is not good for it. */
    take(message: Message): T | null {
      const { requestState } = paramsOf(message)
      if (typeof requestState !== 'string' || !shape.test(requestState)) return null
      const entry = parked.get(requestState)
      if (entry?.same !== sameness(message)) return null
      parked.delete(requestState)
      entry.stop()
      return entry.request
    },

    /** Every parked request. */
    all: () => [...parked.values()].map(({ request }) => request),

    close(): void {
      for (const { stop } of parked.values()) stop()
      parked.clear()
    },
  }
}
