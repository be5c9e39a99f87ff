import type { PolicyPast } from '../../../../shared/policy-tools.ts'
import { call } from '../../../call.ts'
import { toast } from '../../../ui/toast.tsx'
import { PolicyDifference } from '../policy-difference.tsx'
import { ReasonedDialog } from '../reasoned-dialog.tsx'

/** What rolling back would change, and why it is done; then the files of that policy are put back into the folder. */
export function RollbackDialog({ past: { hash }, onClose }: { past: PolicyPast; onClose: () => void }) {
  const name = `policy ${hash.slice(0, 7)}`
  return (
    <ReasonedDialog
      title={`Roll back to ${name}`}
      action="Roll back"
      missing="rolling back needs a reason; write one sentence for those who read the history"
      waitsTitle={`The files of ${name} are back`}
      change={(reason) => call('policy.rollback', { hash, reason })}
      onDone={() => {
        toast({ title: `Rolled back to ${name}`, detail: 'It is in force.', tone: 'allowed' })
        onClose()
      }}
      onClose={onClose}
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
    </ReasonedDialog>
  )
}
