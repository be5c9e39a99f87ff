import { Button } from '../ui/button.tsx'
import { AskedIcon } from '../ui/icons.tsx'
import { waitingCount } from './waiting-count.ts'

/** Calls came in while the person does something else here: says so, and leads there when they want. */
export function WaitingBar({ count, go }: { count: number; go: (to: string) => void }) {
  return (
    <div role="status">
      {count > 0 && (
        <div className="flex items-center gap-2 border-asked-line border-b bg-asked-fill py-1.5 pr-2 pl-4 text-asked-text">
          <AskedIcon className="shrink-0" />
          <b className="flex-1">{waitingCount(count)} for you</b>
          <Button size="small" onClick={() => go('/')}>
            Answer
          </Button>
        </div>
      )}
    </div>
  )
}
