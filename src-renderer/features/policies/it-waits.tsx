import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

/** What was written loosens policy: this page cannot put it into force, and leads to the one that can. */
export function ItWaits({ title, onClose }: { title: string; onClose: () => void }) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Later</Button>
          <OpenApprovalsButton at="/policy" look="primary">
            Compare and confirm
          </OpenApprovalsButton>
        </>
      }
    >
      <p>
        It loosens policy, so it waits: the policy before it decides until a person has compared the two at the approval
        page and put the new one into force.
      </p>
    </Dialog>
  )
}
