import { useState } from 'react'
import type { PolicyPast } from '../../../../shared/policy-tools.ts'
import { call } from '../../../call.ts'
import { failureText } from '../../../say/failure-text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Input } from '../../../ui/field.tsx'
import { toast } from '../../../ui/toast.tsx'
import { asFailure } from '../../../use-call.ts'
import { ItWaits } from '../it-waits.tsx'
import { PolicyDifference } from '../policy-difference.tsx'

/** What rolling back would change, and why it is done; then the files of that policy are put back into the folder. */
export function RollbackDialog({ past: { hash }, onClose }: { past: PolicyPast; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const [waits, setWaits] = useState(false)
  const name = `policy ${hash.slice(0, 7)}`
  const rollBack = () => {
    if (reason.trim() === '') {
      setError('rolling back needs a reason; write one sentence for those who read the history')
      return
    }
    setBusy(true)
    setError(null)
    call('policy.rollback', { hash, reason })
      .then((view) => {
        if (view.waiting) {
          setWaits(true)
          return
        }
        toast({ title: `Rolled back to ${name}`, detail: 'It is in force.', tone: 'allowed' })
        onClose()
      })
      .catch((failed: unknown) => setError(failureText(asFailure(failed))))
      .finally(() => setBusy(false))
  }
  if (waits) return <ItWaits title={`The files of ${name} are back`} onClose={onClose} />
  return (
    <Dialog
      wide
      title={`Roll back to ${name}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" loading={busy} onClick={rollBack}>
            Roll back
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          rollBack()
        }}
      >
        <div
          className="max-h-[50vh] overflow-auto"
          role="region"
          aria-label="What it would change"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll it
          tabIndex={0}
        >
          <PolicyDifference from="in_force" to={{ hash }} />
        </div>
        <Field label="Reason" hint="It stands in the history of the policy." error={error}>
          <Input data-autofocus maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  )
}
