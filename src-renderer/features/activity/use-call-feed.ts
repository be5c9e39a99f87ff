import { useEffect } from 'react'
import { useStore } from 'zustand'
import { call, connection, onEvent } from '../../call.ts'
import { createCallFeed, type FeedState } from './call-feed.ts'

/** Kept while other pages are shown, so that going back shows the list at once. */
const feed = createCallFeed({
  askPage: (input) => call('activity.calls', input),
  nextFrame: (run) => requestAnimationFrame(run),
  after: (ms, run) => setTimeout(run, ms),
})

/** The list of calls, live while somebody looks at it. */
export function useCallFeed(): FeedState & { older: () => Promise<void>; retry: () => Promise<void> } {
  useEffect(() => {
    const deaf = onEvent(feed.hear)
    const ask = () => {
      if (connection.getState().state === 'open') void feed.catchUp()
    }
    const unwatch = connection.subscribe(ask)
    ask()
    return () => {
      deaf()
      unwatch()
    }
  }, [])
  return { ...useStore(feed.store), older: feed.older, retry: feed.catchUp }
}
