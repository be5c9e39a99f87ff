import { createStore } from 'zustand/vanilla'
import type { CallPage, CallRow } from '../../../shared/activity.ts'
import type { PageEvent } from '../../../shared/calls.ts'
import { merged, trimmed } from './call-list.ts'

/** Calls that are kept in the page; older ones are in the record. */
export const mostKept = 5_000
/** The list grows by this much before it is cut back, so that a flood does not cut at every frame. */
const slack = 500
/** News that wait for the next frame; a hidden page has none for long, and asks again instead. */
const mostPending = 1_000
const firstPage = 100
const olderPage = 250
/** What was missed is asked for in large pages, and not more often than this. */
const missedPage = 250
const betweenMs = 400
/** After failures it is asked for ever less often, down to this. */
const longestMs = 30_000

/** What is known of the record. */
export type FeedState = {
  /** In the order of `compareCalls`. */
  rows: readonly CallRow[]
  /** `before` of the next older page; null when the record holds no older call. */
  cursor: number | null
  /** The newest page has come. */
  loaded: boolean
  loadingOlder: boolean
  /** Why the last question failed: until one succeeds calls may be missing, and nothing older is asked for. Null: nothing failed. */
  error: unknown
}

/** What the feed needs of the page. */
export type FeedPorts = {
  askPage: (input: { limit: number; before?: number }) => Promise<CallPage>
  /** Runs before the next picture is drawn. */
  nextFrame: (run: () => void) => void
  after: (ms: number, run: () => void) => void
}

/**
 * The list of calls, live: what is told comes in once a frame; what was missed is asked for, newest page first, back to what
 * was known without a gap.
 */
export function createCallFeed({ askPage, nextFrame, after }: FeedPorts) {
  const nothing: FeedState = { rows: [], cursor: null, loaded: false, loadingOlder: false, error: null }
  const store = createStore<FeedState>(() => nothing)
  const pending = new Map<string, CallRow>()
  let framed = false
  /** Every call whose newest record has at most this number is known, or older than the cursor. */
  let knownThrough = -1
  /** Highest number told while something was being asked for. */
  let toldMeanwhile = -1
  let gap = false
  let asking = false
  let planned = false
  let failures = 0

  function hear({ calls = [], missed = false }: Pick<PageEvent, 'calls' | 'missed'>): void {
    for (const row of calls) {
      const known = pending.get(row.call_id)
      if (!known || known.seq < row.seq) pending.set(row.call_id, row)
    }
    if (missed || pending.size > mostPending) {
      gap = true
      if (pending.size > mostPending) pending.clear()
      soon()
    }
    if (pending.size > 0 && !framed) {
      framed = true
      nextFrame(takeIn)
    }
  }

  function takeIn(): void {
    framed = false
    const told = [...pending.values()]
    pending.clear()
    const highest = told.reduce((top, { seq }) => Math.max(top, seq), -1)
    if (gap || asking) toldMeanwhile = Math.max(toldMeanwhile, highest)
    else knownThrough = Math.max(knownThrough, highest)
    take(told)
  }

  function take(news: readonly CallRow[]): void {
    const { rows } = store.getState()
    const all = merged(rows, news)
    if (all === rows) return
    if (all.length <= mostKept + slack) {
      store.setState({ rows: all })
      return
    }
    const cut = trimmed(all, mostKept)
    store.setState({ rows: cut.rows, cursor: cut.lowest })
  }

  function soon(): void {
    if (planned) return
    planned = true
    after(Math.min(betweenMs * 2 ** failures, longestMs), () => {
      planned = false
      if (gap) void catchUp()
    })
  }

  /** Asks for what is not known: the newest page, and older ones until they meet what is. */
  async function catchUp(): Promise<void> {
    gap = true
    if (asking) return
    asking = true
    gap = false
    toldMeanwhile = -1
    try {
      await fillGap()
      failures = 0
      store.setState({ loaded: true, error: null })
    } catch (error) {
      gap = true
      failures += 1
      store.setState({ error })
    } finally {
      asking = false
    }
    if (gap) soon()
  }

  async function fillGap(): Promise<void> {
    const { loaded } = store.getState()
    let page = await askPage({ limit: loaded ? missedPage : firstPage })
    const top = page.rows[0]?.seq ?? -1
    take(page.rows)
    for (let seen = page.rows.length; loaded && !meets(page) && seen < mostKept; seen += page.rows.length) {
      page = await askPage({ limit: missedPage, ...(page.next === null ? {} : { before: page.next }) })
      take(page.rows)
    }
    // What lies before a gap that is too large to fill would stand beside calls that it is not beside.
    if (!meets(page)) startAt(page)
    else if (page.next === null) store.setState({ cursor: null })
    knownThrough = gap ? top : Math.max(top, toldMeanwhile)
  }

  function meets({ rows, next }: CallPage): boolean {
    return next === null || (rows.at(-1)?.seq ?? -1) <= knownThrough
  }

  function startAt({ rows, next }: CallPage): void {
    const lowest = rows.at(-1)?.seq ?? 0
    store.setState((before) => ({ rows: before.rows.filter(({ seq }) => seq >= lowest), cursor: next }))
  }

  /** Asks for the next older page, unless that is under way, or there is none, or enough is kept, or something failed. */
  async function older(): Promise<void> {
    const { cursor, loadingOlder, loaded, rows, error } = store.getState()
    if (!loaded || loadingOlder || error !== null || cursor === null || rows.length >= mostKept) return
    store.setState({ loadingOlder: true })
    try {
      const page = await askPage({ limit: olderPage, before: cursor })
      // Meanwhile the list was cut elsewhere: between that and this page there may be a gap.
      if (store.getState().cursor !== cursor) return
      take(page.rows)
      store.setState({ cursor: page.next })
    } catch (error) {
      store.setState({ error })
    } finally {
      store.setState({ loadingOlder: false })
    }
  }

  return { store, hear, catchUp, older }
}
