import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field, Input } from '../../ui/field.tsx'

type DenyWhyProps = { busy: boolean; onDeny: (reason: string) => void; onBack: () => void }

/** Denying with a reason, so that the agent can do better. Esc, wherever the focus is, leads back, since a text would be lost otherwise. */
export function DenyWhy({ busy, onDeny, onBack }: DenyWhyProps) {
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onDeny(reason)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <Field label="Why not" hint="The client is told, and it is kept in the record.">
        <Input
          autoFocus
          value={reason}
          maxLength={500}
          placeholder="Use the copy in staging instead"
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      <div className="grid grid-cols-2 gap-2">
        <Button size="large" kbd="Esc" onClick={onBack}>
          Back
        </Button>
        <Button type="submit" look="danger" size="large" kbd="Enter" loading={busy}>
          Deny
        </Button>
      </div>
    </form>
  )
}
