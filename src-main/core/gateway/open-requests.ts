/** A request of the client that is not answered yet: its id as text, and, for a call, what ends it in its pipeline. */
export type OpenRequest = { idText: string; method: string; cancel?: AbortController }

/** Servers need not answer what was cancelled; so many of those are kept in mind, for answers that come nevertheless. */
const cancelledKept = 64

/** The requests of one session that are not answered yet, calls included, by the key of their id. */
export function createOpenRequests() {
  const open = new Map<string, OpenRequest>()
  /** Keys of requests that were cancelled, oldest first. */
  const cancelled = new Set<string>()

  function remove(key: string): boolean {
    cancelled.delete(key)
    return open.delete(key)
  }

  const awaits = (): OpenRequest[] =>
    [...open].filter(([key, { cancel }]) => !cancel && !cancelled.has(key)).map(([, request]) => request)

  return {
    has: (key: string) => open.has(key),
    get: (key: string) => open.get(key),
    add: (key: string, request: OpenRequest) => void open.set(key, request),

    /** The request is answered; false when it was not open. */
    remove,

    /** The client wants no answer any more to a request that is no call. */
    cancelled(key: string): void {
      if (open.has(key)) cancelled.add(key)
      for (const oldest of cancelled) {
        if (cancelled.size <= cancelledKept) return
        remove(oldest)
      }
    },

    /** The calls, how many requests are open, and those but calls that somebody waits for. */
    calls: () => [...open.values()].flatMap(({ cancel }) => cancel ?? []),
    size: () => open.size,

    /** What the client waits for: an answer, or only news. */
    busy(): 'answers' | 'news' | null {
      const waits = [...open].filter(([key]) => !cancelled.has(key))
      if (waits.some(([, { method }]) => method !== 'subscriptions/listen')) return 'answers'
      return waits.length > 0 ? 'news' : null
    },

    /** The requests but calls that somebody waits for, as the texts of their ids; none is open any more. */
    takeAwaited(): string[] {
      const taken = awaits()
      for (const [key, { cancel }] of [...open]) if (!cancel) remove(key)
      return taken.map(({ idText }) => idText)
    },
  }
}
