import { clsx } from 'clsx'
import { ChevronDown, ChevronRight, Clock } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import type { ApprovalOverview } from '../../../shared/approval.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { requestSentence } from '../../say/request-sentence.ts'
import { findingWords } from '../../say/risk-factor.ts'
import { timeLeftWords } from '../../say/time-left.ts'
import { ActionBadge } from '../../show/action-badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ClientMark } from '../../ui/client-mark.tsx'
import { Hint } from '../../ui/hint.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { RiskMeter } from '../../ui/risk-meter.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

type WaitingCardProps = { request: ApprovalOverview; home: string | null; first: boolean }

/** One call that waits: who wants what, why a person is asked, how long there is, and the way to the answer. */
export function WaitingCard({ request, home, first }: WaitingCardProps) {
  const { client, server, tool, action, why, risk, findings, waiting } = request
  const title = useId()
  return (
    <Card>
      <article aria-labelledby={title} className="flex flex-col gap-3 p-4">
        <div className="flex items-start gap-3">
          <ClientMark name={client.name} claimed={client.identity === 'claimed'} />
          <h2 id={title} className="min-w-0 flex-1 pt-0.5 text-large [font-weight:430]">
            <Sentence parts={requestSentence(request, home)} />
          </h2>
          <TimeLeft until={request.expires_at} />
        </div>
        <div className="flex flex-col gap-1 pl-10">
          <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <code className="text-muted">
              <VisibleText text={server} /> › <VisibleText text={tool} />
            </code>
            <ActionBadge action={action} />
            <span className="flex items-center text-muted">
              Risk <RiskMeter score={risk.score} />
            </span>
            {client.identity === 'claimed' && <span className="text-asked-text">the client only claims this name</span>}
          </p>
          <p className="text-muted">
            Asked because <Hint text={why} />.
          </p>
          {findings.length > 0 && (
            <p className="text-denied-text">
              In the arguments: <b>{findings.map(findingWords).join(', ')}</b>
            </p>
          )}
          {waiting !== 1 && (
            <p className="text-asked-text">
              {waiting === 0
                ? 'The caller no longer waits; an approval holds for the same call when the same session makes it again.'
                : `${waiting} callers wait for this answer.`}
            </p>
          )}
        </div>
        <Arguments request={request} />
        <div className="pl-10">
          <OpenApprovalsButton at={`/approvals/${request.id}`} look={first ? 'primary' : 'secondary'}>
            Answer in the approval window
          </OpenApprovalsButton>
        </div>
      </article>
    </Card>
  )
}

function Arguments({ request }: { request: ApprovalOverview }) {
  const [open, setOpen] = useState(false)
  const Icon = open ? ChevronDown : ChevronRight
  return (
    <div className="pl-8">
      <Button
        size="small"
        look="ghost"
        icon={<Icon size={14} aria-hidden="true" />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        Arguments
      </Button>
      {open && (
        // The button that copies is in it, so that it is reached and scrolled by keyboard.
        <div className="mt-1 ml-2 flex max-h-80 flex-col gap-2 overflow-y-auto rounded-md">
          <JsonView label="arguments" text={request.arguments} />
          {request.also_sent !== '' && <JsonView label="what is sent along" text={request.also_sent} />}
        </div>
      )}
    </div>
  )
}

const hurryMs = 30_000

function TimeLeft({ until }: { until: string }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const left = Math.max(0, Date.parse(until) - now)
  return (
    <span
      role="timer"
      aria-label="Time left"
      className={clsx(
        'inline-flex shrink-0 items-center gap-1.5 whitespace-nowrap pt-1',
        left < hurryMs ? 'text-denied-text' : 'text-muted',
      )}
    >
      <Clock size={14} aria-hidden="true" />
      {timeLeftWords(left)}
    </span>
  )
}
