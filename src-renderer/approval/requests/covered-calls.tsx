import { ChevronDown, ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import type { DurationChoice } from './grant-durations.ts'
import { type Covered, type CoveredCall, within } from './use-coverage.ts'

/** Calls listed; more say nothing new. */
const mostListed = 50

/** What the picked offer would have covered in the chosen time: how many of the calls that were asked about, and which. */
export function CoveredCalls({ covered, duration }: { covered: Covered; duration: DurationChoice }) {
  const [open, setOpen] = useState(false)
  const list = useId()
  const calls = within(covered.calls, duration.choice, Date.now())
  const refused = calls.filter(({ answer }) => answer === 'denied').length
  const Icon = open ? ChevronDown : ChevronRight
  return (
    <div className="flex flex-col gap-1">
      <p role="status" className="text-muted text-small">
        {spared(calls.length, duration)}
        {refused > 0 && (
          <span className="text-denied-text">
            {' '}
            You denied {refused === calls.length ? 'what' : refused} it would have let run.
          </span>
        )}
        {covered.unknown > 0 && ` Of ${times(covered.unknown)} more it cannot be told.`}
      </p>
      {calls.length > 0 && (
        <div>
          <Button
            size="small"
            look="ghost"
            icon={<Icon size={14} aria-hidden="true" />}
            aria-expanded={open}
            aria-controls={open ? list : undefined}
            onClick={() => setOpen(!open)}
          >
            {calls.length === 1 ? 'Show it' : 'Show them'}
          </Button>
        </div>
      )}
      {open && calls.length > 0 && (
        <ul
          id={list}
          aria-label="Calls that this would have covered"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
          tabIndex={0}
          className="max-h-32 divide-y divide-line overflow-y-auto rounded-md border border-line bg-canvas text-small"
        >
          {calls.slice(0, mostListed).map((call) => (
            <Call key={call.call_id} call={call} />
          ))}
          {calls.length > mostListed && <li className="px-2 py-1 text-muted">{calls.length - mostListed} more</li>}
        </ul>
      )}
    </div>
  )
}

const answers: Record<string, string> = {
  approved: 'allowed',
  denied: 'denied',
  expired: 'not answered',
  edited: 'edited',
}

function Call({ call: { at, tool, answer, places } }: { call: CoveredCall }) {
  return (
    <li className="flex items-baseline gap-2 px-2 py-1">
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <VisibleText text={places.length > 0 ? places.join(', ') : tool} />
      </span>
      <span className={answer === 'denied' ? 'text-denied-text' : 'text-muted'}>
        {answers[answer ?? ''] ?? 'given up'}
      </span>
      <span className="shrink-0 text-muted">
        <Time at={at} />
      </span>
    </li>
  )
}

function times(count: number): string {
  return count === 1 ? 'one call' : `${count} calls`
}

/** Of calls since then, as long before now as the grant would count from now on. */
function spared(count: number, { choice: { duration, hours = 0 } }: DurationChoice): string {
  const when =
    duration === 'session'
      ? 'in this session'
      : duration === 'hours' && hours < 168
        ? `in the last ${hours === 1 ? 'hour' : hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`}`
        : 'in the last 7 days'
  if (count === 0) return `Would have spared you no question ${when}.`
  if (duration === 'once') return 'Would have spared you the newest question like it.'
  return `Would have spared you ${count === 1 ? 'one question' : `${count} questions`} ${when}.`
}
