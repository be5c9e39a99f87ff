import { useCallback, useContext, useEffect, useRef, useState } from 'react'
import type { ApprovalTicket, ApprovalView } from '../../../shared/approval.ts'
import { type CallFailure, call, connection } from '../../call.ts'
import { asFailure, useConnection } from '../../use-call.ts'
import { AskPresence } from '../use-deed.ts'
import { shownChanges } from './shown-changes.ts'

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

type Held = { given: ApprovalTicket; at: number; changes: readonly string[] }

/**
 * Says to the gateway that this request is on screen, and again whenever it is not what it was: an answer carries the ticket
 * that this gives, which is for exactly what was shown. Nothing may be allowed for a moment after it appeared or changed.
 */
export function useTicket(request: ApprovalView): Shown {
  const { id, shown_hash } = request
  const { state } = useConnection()
  const askPresence = useContext(AskPresence)
  const [held, setHeld] = useState<Held | null>(null)
  const [armed, setArmed] = useState(false)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [asked, setAsked] = useState<{ count: number; why: string | null }>({ count: 0, why: null })
  const last = useRef<ApprovalView | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the hash stands for the request, and a new connection asks anew
  useEffect(() => {
    if (connection.getState().state !== 'open') return
    let current = true
    setArmed(false)
    call('approvals.show', { id }).then(
      (given) => {
        if (!current) return
        const before = last.current?.id === id ? last.current : null
        const told = before ? shownChanges(before, given.view) : []
        last.current = given.view
        setFailure(null)
        setHeld({ given, at: performance.now(), changes: told.length > 0 || !asked.why ? told : [asked.why] })
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
  }, [id, shown_hash, asked.count, state, askPresence])

  useEffect(() => {
    setArmed(false)
    if (!held) return
    const timer = setTimeout(() => setArmed(true), held.given.armed_in_ms)
    return () => clearTimeout(timer)
  }, [held])

  const again = useCallback((why: string | null) => {
    setHeld(null)
    setAsked(({ count }) => ({ count: count + 1, why }))
  }, [])
  const own = held?.given.view.id === id ? held : null
  return {
    view: own?.given.view ?? request,
    ticket: own?.given.ticket ?? null,
    armingMs: own?.given.armed_in_ms ?? 0,
    armed: own !== null && armed,
    changes: own?.changes ?? [],
    failure,
    again,
  }
}
