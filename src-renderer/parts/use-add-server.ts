import { useState } from 'react'
import type { Input } from '../../shared/calls.ts'
import { call } from '../call.ts'
import { failureText } from '../say/failure-text.ts'
import { asFailure } from '../use-call.ts'
import { fieldOfFailure, type ServerField } from './field-of-failure.ts'

/** Registers servers for a form: whether it is under way, and what was wrong with which field. */
export function useAddServer(onAdded: (name: string) => void) {
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<{ field: ServerField; text: string } | null>(null)
  const add = (input: Input<'servers.add'>) => {
    setBusy(true)
    setFailed(null)
    call('servers.add', input)
      .then(
        () => onAdded(input.name),
        (error: unknown) => {
          const failure = asFailure(error)
          setFailed({ field: fieldOfFailure(failure), text: failureText(failure) })
        },
      )
      .finally(() => setBusy(false))
  }
  const errorOf = (field: ServerField) => (failed?.field === field ? failed.text : null)
  /** What was wrong is no longer what is in the fields. */
  const forget = () => setFailed(null)
  return { add, busy, errorOf, forget }
}
