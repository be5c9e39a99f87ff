import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/states.tsx'

/** Stands in the place of a page that failed while it was drawn, and says so instead of leaving nothing. */
export function pageFailed(why: string) {
  return (
    <div className="p-4">
      <ErrorState
        title="This page failed"
        why={why}
        hint="Your gateway is not affected: it goes on deciding calls. Reload the page."
        action={<Button onClick={() => window.location.reload()}>Reload</Button>}
      />
    </div>
  )
}
