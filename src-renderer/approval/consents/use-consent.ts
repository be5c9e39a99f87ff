import { useCallback, useContext, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { Output } from '../../../shared/calls.ts'
import { type CallFailure, call } from '../../call.ts'
import { asFailure, useCall } from '../../use-call.ts'
import { sight } from '../requests/sight.ts'
import { AskPresence } from '../use-deed.ts'

type Given = Output<'consents.show'> & { turn: string }

/** An app's request as the gateway knows it to be shown here. */
export type ShownConsent = {
  given: Given | null
  /** Whether it may be allowed yet: not for a moment after it appeared or changed, nor while nobody can see the page. */
  armed: boolean
  failure: CallFailure | null
  /** It was answered elsewhere, or nobody did in time. */
  gone: boolean
  /** Shows it anew, with another ticket. */
  again: () => void
}

/**
 * Says to the gateway that this request is on screen, for the tenant that the person chose, and again whenever it may be another or the page
 * came into sight.
 */
export function useConsent(id: string, tenant: string | null): ShownConsent {
  const { seen, times } = useStore(sight)
  const askPresence = useContext(AskPresence)
  const { value: waiting } = useCall('consents.list', {}, ['consents'])
  const { value: policy } = useCall('policy.show', {}, ['policy'])
  const [count, setCount] = useState(0)
  const [given, setGiven] = useState<Given | null>(null)
  const [armed, setArmed] = useState<Given | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const turn = [id, tenant ?? '', count, times, policy?.snapshot ?? ''].join(' ')

  useEffect(() => {
    if (!seen) return
    let current = true
    call('consents.show', { id, tenant }).then(
      (shown) => {
        if (!current) return
        setFailure(null)
        setGiven({ ...shown, turn })
      },
      (error: unknown) => {
        if (!current) return
        const why = asFailure(error)
        if (why.code === 'PRESENCE_REQUIRED') askPresence()
        setFailure(why)
      },
    )
    return () => {
      current = false
    }
  }, [id, tenant, turn, seen, askPresence])

  useEffect(() => {
    if (!given) return
    const timer = setTimeout(() => setArmed(given), given.armed_in_ms)
    return () => clearTimeout(timer)
  }, [given])

  const again = useCallback(() => setCount((before) => before + 1), [])
  const known = waiting?.some((it) => it.id === id)
  return {
    given,
    armed: given !== null && armed === given && given.turn === turn && seen,
    failure,
    gone: known === false || failure?.code === 'NOT_FOUND',
    again,
  }
}
