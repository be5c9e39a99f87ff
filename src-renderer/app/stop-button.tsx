import { OctagonX } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { call } from '../call.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Popover } from '../ui/popover.tsx'
import { ErrorState } from '../ui/states.tsx'
import { asFailure } from '../use-call.ts'

/** Stops every call at once; only a person at the approval page can let them run again. */
export function StopButton({ stopped, narrow }: { stopped: boolean; narrow: boolean }) {
  const [open, setOpen] = useState(false)
  const icon = <OctagonX size={16} aria-hidden="true" />
  const button = narrow ? (
    <IconButton label="Stop everything" disabled={stopped}>
      {icon}
    </IconButton>
  ) : (
    <Button look="ghost" icon={icon} disabled={stopped}>
      {stopped ? 'Stopped' : 'Stop'}
    </Button>
  )
  return (
    <Popover title="Stop everything" side="top" open={open} onOpenChange={setOpen} button={button}>
      <StopForm onDone={() => setOpen(false)} />
    </Popover>
  )
}

function StopForm({ onDone }: { onDone: () => void }) {
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ReturnType<typeof asFailure> | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    call('stop', { reason: reason.trim() || 'stopped in the app' })
      .then(onDone, (error: unknown) => setFailure(asFailure(error)))
      .finally(() => setBusy(false))
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <p className="text-muted">
        Running calls are cancelled and new ones refused, for every client and server. To go on you need the approval
        page.
      </p>
      <Field label="Why" hint="Optional; it is kept in the record.">
        <Input value={reason} onChange={(event) => setReason(event.target.value)} maxLength={200} />
      </Field>
      {failure && <ErrorState compact title="Not stopped" why={failure.message} hint={failure.hint} />}
      <Button type="submit" look="danger" loading={busy} kbd="Enter">
        Stop everything
      </Button>
    </form>
  )
}
