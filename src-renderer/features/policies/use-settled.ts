import { useEffect, useRef, useState } from 'react'
import type { CallName, Input, Output, Topic } from '../../../shared/calls.ts'
import { type Answer, useCall } from '../../use-call.ts'

/** A value once it has not changed for a while; the first is taken at once. */
export function useQuiet<T>(value: T, ms = 250): T {
  const [quiet, setQuiet] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return quiet
}

/** As `useCall`; while another input is asked about, the last answer stays, and `loading` says that it is an old one. */
export function useSteady<N extends CallName>(
  name: N,
  input: Input<N> | null,
  topics: readonly Topic[],
): Answer<Output<N>> & { refresh: () => void } {
  const answer = useCall(name, input, topics)
  const last = useRef<Output<N>>(undefined)
  if (answer.value !== undefined) last.current = answer.value
  if (answer.value !== undefined || answer.error || input === null) return answer
  return { ...answer, value: last.current, loading: true }
}
