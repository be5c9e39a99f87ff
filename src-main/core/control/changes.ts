import type { Topic } from '../../../shared/calls.ts'
import type { Clock } from '../ports.ts'

/** How long changes are gathered before pages hear of them. */
const gatherMs = 100

/** What changed since pages were last told; `calls` are ids. */
export type Changed = { topics: Topic[]; calls: string[] }

export type Changes = ReturnType<typeof createChanges>

/** Gathers what changes, and tells everybody who listens at most every 100 ms; costs next to nothing while nobody does. */
export function createChanges(clock: Clock) {
  const listeners = new Set<(changed: Changed) => void>()
  const topics = new Set<Topic>()
  /** In the order of their last change. */
  const calls = new Set<string>()
  let waiting = false

  function tell(): void {
    waiting = false
    const changed = { topics: [...topics], calls: [...calls] }
    topics.clear()
    calls.clear()
    for (const listener of listeners) listener(changed)
  }

  function soon(): void {
    if (waiting) return
    waiting = true
    clock.after(gatherMs, tell)
  }

  function topic(topic: Topic): void {
    if (listeners.size === 0) return
    topics.add(topic)
    soon()
  }

  return {
    topic,

    /** What tells, each time that it is called, that these topics changed. */
    teller(...changed: Topic[]): () => void {
      return () => {
        for (const each of changed) topic(each)
      }
    },

    call(id: string): void {
      if (listeners.size === 0) return
      calls.delete(id)
      calls.add(id)
      soon()
    },

    /** Hears of every change from now on; the returned function ends that. */
    listen(listener: (changed: Changed) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
