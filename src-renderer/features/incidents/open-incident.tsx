import { Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { IncidentView } from '../../../shared/incidents.ts'
import { call } from '../../call.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Popover } from '../../ui/popover.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { asFailure } from '../../use-call.ts'

/** Opens an incident by hand, about everything; nothing is stopped by that. */
export function OpenIncident({ onOpened }: { onOpened: (opened: IncidentView) => void }) {
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ReturnType<typeof asFailure> | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    call('incidents.open', { why })
      .then(onOpened, (error: unknown) => setFailure(asFailure(error)))
      .finally(() => setBusy(false))
  }
  return (
    <Popover
      title="Open an incident"
      button={<Button icon={<Plus size={14} aria-hidden="true" />}>Open an incident</Button>}
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <p className="text-muted">All records from a quarter of an hour ago on belong to it. Nothing is stopped.</p>
        <Field label="Why">
          <Input value={why} onChange={(event) => setWhy(event.target.value)} maxLength={500} />
        </Field>
        {failure && <ErrorState compact title="Not opened" why={failure.message} hint={failure.hint} />}
        <Button type="submit" look="primary" loading={busy} disabled={why.trim() === ''}>
          Open
        </Button>
      </form>
    </Popover>
  )
}
