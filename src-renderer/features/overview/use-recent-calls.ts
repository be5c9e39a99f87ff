import { useEffect, useMemo, useState } from 'react'
import type { CallRow } from '../../../shared/activity.ts'
import type { CallFailure } from '../../call.ts'
import { onEvent } from '../../call.ts'
import { useCall } from '../../use-call.ts'
import { withNews } from './call-figures.ts'

/** Calls that the overview looks at; the whole record is on the activity page. */
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
