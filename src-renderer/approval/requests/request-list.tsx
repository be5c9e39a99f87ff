import { clsx } from 'clsx'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { ApprovalView } from '../../../shared/approval.ts'
import { askedText } from '../../../shared/asked-words.ts'
import { requestDeed } from '../../say/request-sentence.ts'
import { Badge } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/button.tsx'
import { ClientMark } from '../../ui/client-mark.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { groupRequests } from './queue-order.ts'
import type { QueueAction } from './queue-state.ts'

type QueueProps = {
  waiting: readonly ApprovalView[]
  selected: string | null
  home: string | null
  dispatch: (action: QueueAction) => void
}

/** Everything that waits, oldest first, beside the one on screen; what one client asks of one tool stands together. */
export function RequestList({ waiting, selected, home, dispatch }: QueueProps) {
  return (
    <nav
      aria-label="Requests"
      className="flex w-68 shrink-0 flex-col overflow-y-auto border-line border-r bg-canvas p-2"
    >
      {groupRequests(waiting).map(({ key, first, requests }) => (
        <section
          key={key}
          aria-label={`${first.client.name}, ${first.server} › ${askedText(first.kind, first.tool)}`}
          className="mb-2"
        >
          <h3 className="flex items-center gap-2 px-2 py-1 font-strong">
            <ClientMark name={first.client.name} claimed={first.client.identity === 'claimed'} size={20} />
            <span
              className="line-clamp-1 flex-1"
              title={`${first.client.name}, ${first.server} › ${askedText(first.kind, first.tool)}`}
            >
              <VisibleText text={first.client.name} />
            </span>
            {requests.length > 1 && <Badge>{requests.length}</Badge>}
          </h3>
          {requests.map((request) => (
            <button
              key={request.id}
              type="button"
              aria-current={request.id === selected || undefined}
              onClick={() => dispatch({ type: 'selected', id: request.id })}
              className={clsx(
                'line-clamp-3 w-full rounded-md px-2 py-1.5 text-left text-muted hover:bg-hover',
                'aria-current:bg-selected aria-current:text-ink',
              )}
            >
              <Sentence parts={requestDeed(request, home)} />
            </button>
          ))}
        </section>
      ))}
    </nav>
  )
}

/** The same where there is no room for a list: which one of how many, and the way to the next. */
export function RequestStepper({ waiting, selected, dispatch }: Omit<QueueProps, 'home'>) {
  const at = waiting.findIndex(({ id }) => id === selected)
  const step = (by: 1 | -1) => dispatch({ type: 'stepped', by })
  return (
    <nav aria-label="Requests" className="flex h-9 shrink-0 items-center gap-1 border-line border-b bg-canvas px-3">
      <span className="flex-1 font-strong" aria-live="polite">
        Request {at + 1} of {waiting.length}
      </span>
      <IconButton label="Previous request" size="small" disabled={at <= 0} onClick={() => step(-1)}>
        <ChevronLeft size={16} />
      </IconButton>
      <IconButton label="Next request" size="small" disabled={at >= waiting.length - 1} onClick={() => step(1)}>
        <ChevronRight size={16} />
      </IconButton>
    </nav>
  )
}
