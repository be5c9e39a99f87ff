import { MessageCircleQuestion } from 'lucide-react'
import type { ComponentType } from 'react'
import { useLocation } from 'wouter'
import { useRecentCalls } from '../../parts/use-recent-calls.ts'
import { places } from '../../places.ts'
import { asked } from '../../say/call-outcome.ts'
import { homeOf } from '../../say/short-path.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { AnsweredTable } from './answered-table.tsx'
import { ApprovalsNav, type ApprovalsViewId, approvalsViewAt } from './approvals-nav.tsx'
import { GrantsView } from './grants-view.tsx'
import { NoiseView } from './noise-view.tsx'
import { QuietNote } from './quiet-note.tsx'
import { WaitingCard } from './waiting-card.tsx'

/** Answered calls shown here; all of them are in the activity. */
const mostAnswered = 20

const views: Record<ApprovalsViewId, ComponentType> = { waiting: Waiting, grants: GrantsView, noise: NoiseView }

/** What waits for a person, what they answered lately, and how much they are asked. Nothing can be answered here. */
export function ApprovalsPage() {
  const [location] = useLocation()
  const view = approvalsViewAt(location)
  const View = views[view]
  return (
    <div className="flex max-w-300 flex-col gap-6 p-6">
      <header>
        <h1 className="text-title">Approvals</h1>
        <p className="text-muted">
          Calls that wait for you. You answer them in the approval window: nothing that shows what a tool said can
          answer there for you.
        </p>
      </header>
      <ApprovalsNav current={view} />
      <QuietNote always={view === 'noise'} />
      <View />
    </div>
  )
}

function Waiting() {
  const { value: waiting, error, refresh } = useCall('approvals.overview', {}, ['approvals'])
  const { value: status } = useCall('status', {}, ['status', 'approvals'])
  if (!waiting && error) {
    const retry = <Button onClick={refresh}>Try again</Button>
    return <ErrorState title="The approvals cannot be listed" why={error.message} hint={error.hint} action={retry} />
  }
  const home = status ? homeOf(status.profile) : null
  const inOrder = waiting?.toSorted((a, b) => a.created_at.localeCompare(b.created_at))
  return (
    <>
      {inOrder === undefined ? (
        <Skeleton className="h-40 w-full" />
      ) : inOrder.length === 0 ? (
        <Card>
          <EmptyState icon={<MessageCircleQuestion size={24} />} title="Nothing waits for you">
            <p>When a rule asks you about a call, it is held, and shows here and in the approval window.</p>
          </EmptyState>
        </Card>
      ) : (
        <ul aria-label="Waiting for you" className="flex flex-col gap-3">
          {inOrder.map((request, at) => (
            <li key={request.id}>
              <WaitingCard request={request} home={home} first={at === 0} />
            </li>
          ))}
        </ul>
      )}
      <Answered />
    </>
  )
}

function Answered() {
  const [, go] = useLocation()
  const { rows } = useRecentCalls()
  const answered = rows?.filter((row) => asked(row) && row.outcome !== null).slice(0, mostAnswered)
  if (!answered || answered.length === 0) return null
  const all = (
    <Button size="small" look="ghost" onClick={() => go(`${places.activity}?show=asked`)}>
      All of them
    </Button>
  )
  return (
    <Section title="Lately" aside={all}>
      <Card className="overflow-x-auto">
        <AnsweredTable rows={answered} />
      </Card>
    </Section>
  )
}
