import { type Dispatch, useEffect, useReducer, useRef } from 'react'
import type { CallFailure } from '../../call.ts'
import { useCall } from '../../use-call.ts'
import { notifyOf } from './notify.ts'
import { emptyQueue, nextQueue, type QueueAction, type QueueState } from './queue-state.ts'
import { showCount } from './tab-badge.ts'

/** How long a request that ended stays on screen, in milliseconds. */
const leavingMs = 5_000

/** The queue as this page sees it, kept current. `loaded`: it is known at all. */
export type Queue = {
  state: QueueState
  dispatch: Dispatch<QueueAction>
  loaded: boolean
  error: CallFailure | null
  refresh: () => void
}

/** The queue; `id` is the request that the page was opened for. The tab tells its count, and a notification what is new. */
export function useQueue(id: string | null, home: string | null): Queue {
  const { value, error, refresh } = useCall('approvals.list', {}, ['approvals'])
  const [state, dispatch] = useReducer(nextQueue, id, emptyQueue)
  const told = useRef<Set<string> | null>(null)

  useEffect(() => {
    if (!value) return
    dispatch({ type: 'listed', views: value, now: Date.now() })
    showCount(value.length)
    const known = told.current
    for (const request of value) if (known && !known.has(request.id)) notifyOf(request, home)
    told.current = new Set(value.map((request) => request.id))
  }, [value, home])

  useEffect(() => {
    if (id !== null) dispatch({ type: 'selected', id })
  }, [id])

  const { leaving } = state
  useEffect(() => {
    if (!leaving) return
    const timer = setTimeout(() => dispatch({ type: 'left' }), leavingMs)
    return () => clearTimeout(timer)
  }, [leaving])

  return { state, dispatch, loaded: value !== undefined, error, refresh }
}
