import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react'
import type { CallName, Input, Output } from '../../shared/calls.ts'
import { type CallFailure, call } from '../call.ts'
import { asFailure } from '../use-call.ts'

/** Asks anew whether a person is known to be here, so that the page locks itself when they no longer are. */
export const AskPresence = createContext<() => void>(() => undefined)

/** A call that does something: whether it is under way, and how it failed last. */
export type Deed<N extends CallName> = {
  busy: boolean
  failure: CallFailure | null
  /** Gives the answer, or null when it failed or another is under way. */
  run: (input: Input<N>) => Promise<Output<N> | null>
  forget: () => void
}

/** A call that a person sets off. While it is under way, or after the component has gone, nothing more comes of it. */
export function useDeed<N extends CallName>(name: N): Deed<N> {
  const askPresence = useContext(AskPresence)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const under = useRef(false)
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  const run = useCallback(
    async (input: Input<N>) => {
      if (under.current) return null
      under.current = true
      setBusy(true)
      setFailure(null)
      try {
        return await call(name, input)
      } catch (error) {
        const why = asFailure(error)
        if (why.code === 'PRESENCE_REQUIRED') askPresence()
        if (here.current) setFailure(why)
        return null
      } finally {
        under.current = false
        if (here.current) setBusy(false)
      }
    },
    [name, askPresence],
  )
  const forget = useCallback(() => setFailure(null), [])
  return { busy, failure, run, forget }
}
