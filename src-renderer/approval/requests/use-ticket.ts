import { useCallback, useContext, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { ApprovalTicket, ApprovalView } from '../../../shared/approval.ts'
import { type CallFailure, call, connection } from '../../call.ts'
import { asFailure, useConnection } from '../../use-call.ts'
import { AskPresence } from '../use-deed.ts'
import { shownChanges } from './shown-changes.ts'
import { sight } from './sight.ts'

/** A request as the gateway knows it to be shown here, and whether it may be allowed yet. */
export type Shown = {
  view: ApprovalView
  ticket: string | null
  /** How long it takes until it may be allowed, in milliseconds, and whether that has passed. */
  armingMs: number
  armed: boolean
  /** What is different from what was shown before, in words. */
  changes: readonly string[]
  failure: CallFailure | null
  /** Shows it anew, with another ticket; `why` is told as a change. */
  again: (why: string | null) => void
}

/** What was given, for which turn: another turn shows the request anew, and what was given before is good for nothing. */
type Held = { given: ApprovalTicket; turn: string; changes: readonly string[] }

/**
 * Says to the gateway that this request is on screen, and again whenever it is not what it was or the page came into sight
 * or to the front: an answer carries the ticket that this gives, which is for exactly what was shown. Nothing may be allowed
 * for a moment after it appeared or changed, and nothing is shown while nobody can see the page.
 */
export function useTicket(request: ApprovalView): Shown {
  const { id, shown_hash } = request
  const { state } = useConnection()
  const { seen, times } = useStore(sight)
  const askPresence = useContext(AskPresence)
  const [held, setHeld] = useState<Held | null>(null)
  const [armed, setArmed] = useState<Held | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [asked, setAsked] = useState<{ count: number; why: string | null }>({ count: 0, why: null })
  const last = useRef<ApprovalView | null>(null)
  const turn = [shown_hash, asked.count, times].join()

  // biome-ignore lint/correctness/useExhaustiveDependencies: the turn stands for the request, and a new connection asks anew
  useEffect(() => {
    if (connection.getState().state !== 'open' || !seen) return
    let current = true
    call('approvals.show', { id }).then(
      (given) => {
        if (!current) return
        const before = last.current?.id === id ? last.current : null
        const told = before ? shownChanges(before, given.view) : []
        last.current = given.view
        setFailure(null)
        // What was told stays until it was answered: to come back to the page is not to have read it.
        const kept = (old: Held | null) => (asked.why !== null ? [asked.why] : (old?.changes ?? []))
        setHeld((old) => ({ given, turn, changes: told.length > 0 ? told : kept(old) }))
      },
      (error: unknown) => {
        if (!current) return
        const why = asFailure(error)
        if (why.code === 'PRESENCE_REQUIRED') askPresence()
        // A request that is gone leaves the list, and says so itself.
        if (why.code !== 'NOT_FOUND' && why.code !== 'CONNECTION_LOST') setFailure(why)
      },
    )
    return () => {
      current = false
    }
  }, [id, turn, seen, state, askPresence])

  useEffect(() => {
    if (!held) return
    const timer = setTimeout(() => setArmed(held), held.given.armed_in_ms)
    return () => clearTimeout(timer)
  }, [held])

  const again = useCallback((why: string | null) => {
    setAsked(({ count }) => ({ count: count + 1, why }))
  }, [])
  const own = held?.given.view.id === id ? held : null
  const good = own?.turn === turn && seen ? own : null
  return {
    view: own?.given.view ?? request,
    ticket: good?.given.ticket ?? null,
    armingMs: good?.given.armed_in_ms ?? 0,
    armed: good !== null && armed === good,
    changes: own?.changes ?? [],
    failure,
    again,
  }
}
