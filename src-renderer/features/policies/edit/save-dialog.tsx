import { useState } from 'react'
import type { PolicyView } from '../../../../shared/policy-view.ts'
import { call } from '../../../call.ts'
import { failureText } from '../../../say/failure-text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Input } from '../../../ui/field.tsx'
import { Skeleton } from '../../../ui/states.tsx'
import { TextDiff } from '../../../ui/text-diff.tsx'
import { toast } from '../../../ui/toast.tsx'
import { asFailure, useCall } from '../../../use-call.ts'
import { ChangesList } from '../changes-list.tsx'
import { draftSource, dropDraft } from '../draft.ts'
import { ItWaits } from '../it-waits.tsx'
import type { EditedFile } from './edited-file.ts'

type SaveDialogProps = { file: EditedFile; text: string | null; onClose: () => void }

/** What saving would change, first; then why, and only then it is written. What it loosens waits for a person elsewhere. */
export function SaveDialog({ file, text, onClose }: SaveDialogProps) {
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const [waits, setWaits] = useState(false)
  const save = () => {
    if (reason.trim() === '') {
      setError('a change needs a reason; write one sentence for those who read the history')
      return
    }
    setBusy(true)
    setError(null)
    call('policy.save', { file: file.path, text, reason, expected_hash: file.draft?.base ?? null })
      .then((view) => {
        dropDraft(file.path)
        if (view.waiting) {
          setWaits(true)
          return
        }
        sayWhatRules(file.path, view)
        onClose()
      })
      .catch((failed: unknown) => setError(failureText(asFailure(failed))))
      .finally(() => setBusy(false))
  }
  if (waits) return <ItWaits title={`${file.path} is saved`} onClose={onClose} />
  return (
    <Dialog
      wide
      title={`${text === null ? 'Remove' : 'Save'} ${file.path}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look={text === null ? 'danger' : 'primary'} loading={busy} onClick={save}>
            {text === null ? 'Remove' : 'Save'}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <Effect file={file} />
        <div
          className="max-h-[40vh] overflow-auto"
          role="region"
          aria-label="Text compared"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll it
          tabIndex={0}
        >
          <TextDiff
            before={file.inFolder?.text ?? ''}
            after={text ?? ''}
            names={['in the folder', 'your draft']}
            look="inline"
          />
        </div>
        <Field label="Reason" hint="It stands in the history of the policy." error={error}>
          <Input data-autofocus maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  )
}

function Effect({ file }: { file: EditedFile }) {
  const to = draftSource(file.draft ? [file.draft] : [])
  const { value, error } = useCall('policy.diff', { from: 'in_force', to }, ['policy'])
  if (error) return <p className="text-denied-text">{failureText(error)}</p>
  if (!value) return <Skeleton className="h-16 w-full" />
  if (value.problems.length === 0) return <ChangesList {...value} />
  return (
    <p className="text-denied-text">
      There are mistakes in the folder with it, so none of its files take effect. Mistakes of this file have to be
      mended before it is written.
    </p>
  )
}

function sayWhatRules(path: string, { problems }: PolicyView): void {
  if (problems.length === 0) toast({ title: `${path} is saved`, detail: 'It is in force.', tone: 'allowed' })
  else {
    const detail = 'Nothing of the folder takes effect before its other mistakes are mended.'
    toast({ title: `${path} is saved, and not in force`, detail, tone: 'asked' })
  }
}
