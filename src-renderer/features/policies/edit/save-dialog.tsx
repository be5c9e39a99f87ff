import type { PolicyView } from '../../../../shared/policy-view.ts'
import { call } from '../../../call.ts'
import { draftSource, dropDraft } from '../../../parts/policy-draft.ts'
import { failureText } from '../../../say/failure-text.ts'
import { Skeleton } from '../../../ui/states.tsx'
import { TextDiff } from '../../../ui/text-diff.tsx'
import { toast } from '../../../ui/toast.tsx'
import { useCall } from '../../../use-call.ts'
import { ChangesList } from '../changes-list.tsx'
import { ReasonedDialog } from '../reasoned-dialog.tsx'
import type { EditedFile } from './edited-file.ts'

type SaveDialogProps = { file: EditedFile; text: string | null; onClose: () => void }

/** What saving would change, and why; then it is written. */
export function SaveDialog({ file, text, onClose }: SaveDialogProps) {
  const word = text === null ? 'Remove' : 'Save'
  const save = async (reason: string) => {
    const expected_hash = file.draft?.base ?? null
    const view = await call('policy.save', { file: file.path, text, reason, expected_hash })
    dropDraft(file.path)
    return view
  }
  return (
    <ReasonedDialog
      title={`${word} ${file.path}`}
      action={word}
      look={text === null ? 'danger' : 'primary'}
      missing="a change needs a reason; write one sentence for those who read the history"
      waitsTitle={`${file.path} is saved`}
      change={save}
      onDone={(view) => {
        sayWhatRules(file.path, view)
        onClose()
      }}
      onClose={onClose}
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
    </ReasonedDialog>
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
