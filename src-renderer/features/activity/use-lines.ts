import { useCallback, useEffect, useMemo, useState } from 'react'
import type { CallRow } from '../../../shared/activity.ts'
import { type Line, linesOf } from './bursts.ts'
import type { FeedState } from './call-feed.ts'
import { compareCalls } from './call-list.ts'
import { type Filters, fitting } from './filters.ts'

/** Lines that are shown at first, and that come with each further look down. */
const screenful = 40

/** What the table shows of the list, and how it goes on. */
export type Lines = {
  lines: readonly Line[]
  /** Calls that came in while the person looks further down. */
  waiting: number
  /** Calls that fit the filters, bursts opened. */
  count: number
  onAtTop: (atTop: boolean) => void
  onEnd: () => void
  toggle: (key: string) => void
}

/**
 * Lines of the calls that fit. While the person has scrolled, those that come in wait, so that nothing jumps; older pages are
 * asked for until the screen is full.
 */
export function useLines({ rows, cursor, loadingOlder, error }: FeedState, older: () => void, filters: Filters): Lines {
  const [held, setHeld] = useState<CallRow | null>(null)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [wanted, setWanted] = useState(screenful)
  const fit = useMemo(() => fitting(rows, filters), [rows, filters])
  const shown = useMemo(() => (held === null ? fit : fit.slice(firstNotBefore(fit, held))), [fit, held])
  const lines = useMemo(() => linesOf(shown, open), [shown, open])
  const newest = shown[0]
  const onAtTop = useCallback(
    (atTop: boolean) => setHeld((before) => (atTop ? null : (before ?? newest ?? null))),
    [newest],
  )
  const length = lines.length
  const onEnd = useCallback(() => setWanted(length + screenful), [length])
  const toggle = useCallback((key: string) => setOpen((before) => toggled(before, key)), [])
  useEffect(() => {
    if (length < wanted && cursor !== null && !loadingOlder && error === null) older()
  }, [length, wanted, cursor, loadingOlder, error, older])
  return { lines, waiting: fit.length - shown.length, count: fit.length, onAtTop, onEnd, toggle }
}

/** Index of the first call that did not begin after this one. */
function firstNotBefore(rows: readonly CallRow[], row: CallRow): number {
  const at = rows.findIndex((candidate) => compareCalls(candidate, row) >= 0)
  return at < 0 ? rows.length : at
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(key)) next.add(key)
  return next
}
