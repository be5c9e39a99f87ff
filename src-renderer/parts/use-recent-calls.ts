import { useEffect, useMemo, useState } from 'react'
import type { CallRow } from '../../shared/activity.ts'
import type { CallFailure } from '../call.ts'
import { onEvent } from '../call.ts'
import { useCall } from '../use-call.ts'

/** Calls that pages other than activity look at; there is the whole record. */
export const mostRecent = 500

/** The newest calls, live; `rows` is undefined until they are known. `more`: there are older ones. */
export function useRecentCalls(): { rows: CallRow[] | undefined; more: boolean; error: CallFailure | null } {
  const { value, error, refresh } = useCall('activity.calls', { limit: mostRecent }, [])
  const [news, setNews] = useState<readonly CallRow[]>([])
  useEffect(
    () =>
      onEvent(({ calls, missed }) => {
        if (missed) refresh()
        if (calls && calls.length > 0) setNews((before) => withNews(before, calls, mostRecent))
      }),
    [refresh],
  )
  const rows = useMemo(() => value && withNews(value.rows, news, mostRecent), [value, news])
  return { rows, more: value !== undefined && value.next !== null, error }
}

/** What is known of calls after news of some: each call once by its newest record, newest first, at most `limit`. */
function withNews(rows: readonly CallRow[], news: readonly CallRow[], limit: number): CallRow[] {
  const calls = new Map<string, CallRow>()
  for (const row of [...rows, ...news]) {
    const known = calls.get(row.call_id)
    if (!known || known.seq < row.seq) calls.set(row.call_id, row)
  }
  return [...calls.values()].sort((a, b) => b.seq - a.seq).slice(0, limit)
}
