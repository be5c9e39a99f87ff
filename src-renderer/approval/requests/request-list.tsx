import { useVirtualizer } from '@tanstack/react-virtual'
import { clsx } from 'clsx'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react'
import type { ApprovalView } from '../../../shared/approval.ts'
import { askedText } from '../../../shared/asked-words.ts'
import { requestDeed } from '../../say/request-sentence.ts'
import { Badge } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/button.tsx'
import { ClientMark } from '../../ui/client-mark.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { groupRequests, type RequestGroup } from './queue-order.ts'
import type { QueueAction } from './queue-state.ts'

type QueueProps = {
  waiting: readonly ApprovalView[]
  selected: string | null
  home: string | null
  dispatch: (action: QueueAction) => void
}

type Row = { key: string; group: RequestGroup; request: ApprovalView | null; number: number }

/** Guesses for what has not been drawn, in pixels. */
const headHeight = 44
const requestHeight = 52

/**
 * Everything that waits, oldest first, beside the one on screen; what one client asks of one tool in one shape stands
 * together. Only rows near to what is in sight exist.
 */
export function RequestList({ waiting, selected, home, dispatch }: QueueProps) {
  const scroller = useRef<HTMLElement>(null)
  const rows = useMemo(() => rowsOf(waiting), [waiting])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => (rows[at]?.request ? requestHeight : headHeight),
    getItemKey: useCallback((at: number) => rows[at]?.key ?? at, [rows]),
    overscan: 6,
  })
  const at = rows.findIndex(({ request }) => request?.id === selected)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is on screen comes into sight, and is then left where it is
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at)
  }, [selected])
  return (
    <nav
      ref={scroller}
      aria-label="Requests"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
      tabIndex={0}
      className="w-68 shrink-0 overflow-y-auto border-line border-r bg-canvas p-2"
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => {
          const row = rows[index]
          return (
            row && (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className="absolute top-0 left-0 w-full"
                style={{ transform: `translateY(${start}px)` }}
              >
                {row.request ? (
                  <RequestButton
                    number={row.number}
                    of={waiting.length}
                    current={row.request.id === selected}
                    onSelect={() => row.request && dispatch({ type: 'selected', id: row.request.id })}
                  >
                    <Sentence parts={requestDeed(row.request, home)} />
                  </RequestButton>
                ) : (
                  <GroupHead group={row.group} />
                )}
              </div>
            )
          )
        })}
      </div>
    </nav>
  )
}

function rowsOf(waiting: readonly ApprovalView[]): Row[] {
  let number = 0
  return groupRequests(waiting).flatMap((group) => [
    { key: group.key, group, request: null, number },
    ...group.requests.map((request) => {
      number += 1
      return { key: request.id, group, request, number }
    }),
  ])
}

function GroupHead({ group: { first, requests } }: { group: RequestGroup }) {
  const tool = `${first.server} › ${askedText(first.kind, first.tool)}`
  return (
    <p className="flex items-center gap-2 px-2 pt-2 pb-1 font-strong" title={`${first.client.name}, ${tool}`}>
      <ClientMark name={first.client.name} claimed={first.client.identity === 'claimed'} size={20} />
      <span className="min-w-0 flex-1 leading-4">
        <span className="line-clamp-1">
          <VisibleText text={first.client.name} />
          {first.client.tenant !== undefined && `, for ${first.client.tenant}`}
        </span>
        <span className="line-clamp-1 font-normal text-muted text-small">
          <VisibleText text={tool} />
        </span>
      </span>
      {requests.length > 1 && <Badge>{requests.length}</Badge>}
    </p>
  )
}

type ButtonProps = { number: number; of: number; current: boolean; onSelect: () => void; children: ReactNode }

function RequestButton({ number, of, current, onSelect, children }: ButtonProps) {
  return (
    <button
      type="button"
      aria-current={current || undefined}
      onClick={onSelect}
      className={clsx(
        'w-full rounded-md px-2 py-1.5 text-left text-muted hover:bg-hover',
        'aria-current:bg-selected aria-current:text-ink',
      )}
    >
      <span className="sr-only">
        {number} of {of}:{' '}
      </span>
      <span className="line-clamp-2">{children}</span>
    </button>
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
