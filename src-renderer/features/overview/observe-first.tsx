import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { Button } from '../../ui/button.tsx'

/** The choice between watching first and ruling at once. */
export function ObserveFirst({ onSkip }: { onSkip: () => void }) {
  return (
    <div className="flex flex-col gap-3">
      <p>
        For seven days calls run that your rules would ask about, and are recorded as what they would have been; what
        rules deny stays denied. After that Toolgate proposes rules from what ran.
      </p>
      <div className="flex flex-wrap gap-2">
        <OpenApprovalsButton at="/observe" look="primary">
          Observe for a week
        </OpenApprovalsButton>
        <Button look="ghost" onClick={onSkip}>
          No, my rules decide from the start
        </Button>
      </div>
    </div>
  )
}
