import { useState } from 'react'
import { failureText } from '../say/failure-text.ts'
import { asFailure } from '../use-call.ts'
import { fieldOfFailure, type ServerField } from './field-of-failure.ts'

/** Sends what a form about a server says: whether it is under way, and what was wrong with which field. */
export function useSaving(onSaved: (name: string) => void) {
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<{ field: ServerField; text: string } | null>(null)
  const save = (name: string, send: () => Promise<unknown>) => {
    setBusy(true)
    setFailed(null)
    send()
      .then(
        () => onSaved(name),
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
  return { save, busy, errorOf, forget }
}
