import { useLocation } from 'wouter'
import { useRecentCalls } from '../../parts/use-recent-calls.ts'
import { places } from '../../places.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { FirstRun } from './first-run.tsx'
import { useFirstSteps } from './use-first-steps.ts'

/** The first steps on a page of their own, also when they are done. */
export function StartPage() {
  const [, go] = useLocation()
  const { value: status, error, refresh } = useCall('status', {}, ['status', 'servers', 'presence', 'clients'])
  const { rows: calls, error: unread } = useRecentCalls()
  const progress = useFirstSteps(status, calls)
  const failed = error ?? unread
  if (!progress && failed) {
    const retry = <Button onClick={refresh}>Try again</Button>
    return (
      <ErrorState title="The gateway does not say how it is" why={failed.message} hint={failed.hint} action={retry} />
    )
  }
  return (
    <div className="@container mx-auto flex max-w-220 flex-col gap-6 p-6">
      <header>
        <h1 className="text-title">{progress?.next === null ? 'You are set up' : 'Your first governed call'}</h1>
        <p className="text-muted">
          {progress?.next === null
            ? 'What your AI clients do through Toolgate is decided by your rules, and recorded.'
            : 'A few steps, about two minutes. From then on your rules decide what your AI clients may do.'}
        </p>
      </header>
      <Section title="First steps">
        {progress && status && calls ? (
          <FirstRun progress={progress} status={status} calls={calls} />
        ) : (
          <Skeleton className="h-80 w-full" />
        )}
      </Section>
      <div>
        <Button look="ghost" onClick={() => go(places.overview)}>
          To the overview
        </Button>
      </div>
    </div>
  )
}
