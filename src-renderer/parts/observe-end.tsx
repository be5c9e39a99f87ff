import { useState } from 'react'
import type { ObserveView } from '../../shared/observe.ts'
import { call } from '../call.ts'
import { observedCalls } from '../say/observe.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { asFailure } from '../use-call.ts'

/** Ends observe mode at once: for what is given, or for all that it is on for. Anybody may. */
export function ObserveEnd({ view }: { view?: ObserveView }) {
  const [busy, setBusy] = useState(false)
  const end = () => {
    setBusy(true)
    const scope = view === undefined || view.scope === 'all' ? {} : { [view.scope]: view.name }
    call('observe.stop', { scope })
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
      aria-label={`End now: observe mode for ${view ? observedCalls(view) : 'all of it'}`}
    >
      End now
    </Button>
  )
}
