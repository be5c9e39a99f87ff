import type { ApprovalView } from '../../../shared/approval.ts'
import { Button } from '../../ui/button.tsx'
import { groupRequests } from './queue-order.ts'
import { isPlain, type Seen } from './use-seen.ts'

type GroupBarProps = { waiting: readonly ApprovalView[]; selected: string | null; seen: Seen }

/** Answers several requests that are alike at once: those of them that were shown in full, and no others. */
export function GroupBar({ waiting, selected, seen }: GroupBarProps) {
  const group = groupRequests(waiting).find(({ requests }) => requests.some(({ id }) => id === selected))
  if (!group || group.requests.length < 2 || !isPlain(group.first)) return null
  const { requests } = group
  const ready = seen.of(requests)
  const count = ready.length
  return (
    <section aria-label="Requests that are alike" className="shrink-0 border-line border-b bg-canvas px-4 py-1.5">
      <div className="flex items-center gap-2">
        <p role="status" className="min-w-0 flex-1 text-muted">
          {requests.length} alike, <b className="text-ink">{count}</b> looked through
          {count < 2 && ' to the end'}
        </p>
        {count > 1 && (
          <>
            <Button size="small" loading={seen.busy} onClick={() => void seen.answer(ready, 'deny')}>
              Deny these {count}
            </Button>
            <Button size="small" loading={seen.busy} onClick={() => void seen.answer(ready, 'approve')}>
              Allow these {count} once
            </Button>
          </>
        )}
      </div>
    </section>
  )
}
