import { useState } from 'react'
import type { OverrideView } from '../../shared/override.ts'
import { call } from '../call.ts'
import { haltedCalls, targetOf } from '../say/halt.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { asFailure } from '../use-call.ts'

/** Ends an override at once, or, without one, all of them. Anybody may. */
export function OverrideEnd({ view }: { view?: OverrideView }) {
  const [busy, setBusy] = useState(false)
  const end = () => {
    setBusy(true)
    call('override.end', { scope: view === undefined ? {} : targetOf(view) })
      .catch((error: unknown) => {
        const { message, hint } = asFailure(error)
        toast({ title: message, detail: hint, tone: 'denied' })
      })
      .finally(() => setBusy(false))
  }
  return (
    <Button
      onClick={end}
      loading={busy}
      aria-label={`End now: the override for ${view === undefined ? 'all of it' : haltedCalls(view)}`}
    >
      End now
    </Button>
  )
}
