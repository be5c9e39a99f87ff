import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/states.tsx'

/** Stands in the place of a request that failed while it was drawn: what cannot be seen cannot be allowed, the others stay reachable. */
export function requestFailed(why: string, again: () => void) {
  return (
    <div className="p-4">
      <ErrorState
        compact
        title="This request cannot be shown"
        why={`The page failed: ${why}`}
        hint="It runs nothing: left alone it is denied when its time is over, or you deny it with `toolgate approvals`."
        action={<Button onClick={again}>Try again</Button>}
      />
    </div>
  )
}
