import { type ReactNode, useState } from 'react'
import type { PolicyView } from '../../../shared/policy-view.ts'
import { failureText } from '../../say/failure-text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { asFailure } from '../../use-call.ts'
import { ItWaits } from './it-waits.tsx'

type ReasonedDialogProps = {
  title: string
  /** What the button says, and how it looks. */
  action: string
  look?: 'primary' | 'danger'
  /** What is said when there is no reason yet. */
  missing: string
  /** What is said of a change that waits for a person. */
  waitsTitle: string
  change: (reason: string) => Promise<PolicyView>
  /** It is in the folder, and does not wait. */
  onDone: (view: PolicyView) => void
  onClose: () => void
  /** What it would change. */
  children: ReactNode
}

/** A change of policy: what it would do, first; then why, and only then it is made. What it loosens waits for a person elsewhere. */
export function ReasonedDialog(props: ReasonedDialogProps) {
  const { title, action, look = 'primary', missing, waitsTitle, change, onDone, onClose, children } = props
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const [waits, setWaits] = useState(false)
  const go = () => {
    if (reason.trim() === '') {
      setError(missing)
      return
    }
    setBusy(true)
    setError(null)
    change(reason)
      .then((view) => {
        if (view.waiting) setWaits(true)
        else onDone(view)
      })
      .catch((failed: unknown) => setError(failureText(asFailure(failed))))
      .finally(() => setBusy(false))
  }
  if (waits) return <ItWaits title={waitsTitle} onClose={onClose} />
  return (
    <Dialog
      wide
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look={look} loading={busy} onClick={go}>
            {action}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        {children}
        <Field label="Reason" hint="It stands in the history of the policy." error={error}>
          <Input data-autofocus maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  )
}
