import { Button } from '../../ui/button.tsx'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { useWide } from '../use-wide.ts'
import { AnsweredStrip } from './answered-strip.tsx'
import { FailedStrip } from './failed-strip.tsx'
import { GroupBar } from './group-bar.tsx'
import { NothingWaits } from './nothing-waits.tsx'
import { shownRequest } from './queue-state.ts'
import { EndedRequest, OpenRequest } from './request-card.tsx'
import { requestFailed } from './request-failed.tsx'
import { RequestList, RequestStepper } from './request-list.tsx'
import type { Queue } from './use-queue.ts'
import { useSeen } from './use-seen.ts'

type RequestsProps = { queue: Queue; home: string | null; go: (to: string) => void }

/** What waits for a person: the oldest in full, the others beside it. */
export function RequestsPage({ queue, home, go }: RequestsProps) {
  const { state, dispatch, loaded, error, refresh } = queue
  const { value: policy } = useCall('policy.show', {}, ['policy'])
  const wide = useWide()
  const seen = useSeen({ waiting: state.waiting, dispatch, refresh })
  const request = shownRequest(state)
  if (!loaded) return error ? <Failed error={error} onRetry={refresh} /> : <Loading />
  const around = { rules: policy?.rules ?? [], home }
  const several = state.waiting.length > 1 || (state.leaving !== null && state.waiting.length > 0)
  return (
    <div className="flex min-h-0 flex-1">
      {several && wide && (
        <RequestList waiting={state.waiting} selected={state.selected} home={home} dispatch={dispatch} />
      )}
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        {several && !wide && !state.leaving && (
          <RequestStepper waiting={state.waiting} selected={state.selected} dispatch={dispatch} />
        )}
        {!state.leaving && <GroupBar waiting={state.waiting} selected={state.selected} seen={seen} />}
        <FailedStrip failed={state.failed} home={home} dispatch={dispatch} />
        <AnsweredStrip answered={state.answered} home={home} dispatch={dispatch} />
        {state.leaving ? (
          <ErrorBoundary key={`ended ${state.leaving.view.id}`} instead={requestFailed}>
            <EndedRequest
              request={state.leaving.view}
              ending={state.leaving.ending}
              onSeen={() => dispatch({ type: 'left' })}
              {...around}
            />
          </ErrorBoundary>
        ) : request ? (
          <ErrorBoundary key={request.id} instead={requestFailed}>
            <OpenRequest
              request={request}
              dispatch={dispatch}
              refresh={refresh}
              onRead={seen.add}
              go={go}
              {...around}
            />
          </ErrorBoundary>
        ) : (
          <NothingWaits count={state.count} />
        )}
      </div>
    </div>
  )
}

function Failed({ error, onRetry }: { error: { message: string; hint: string }; onRetry: () => void }) {
  return (
    <div className="p-4">
      <ErrorState
        compact
        title="What waits cannot be told"
        why={error.message}
        hint={error.hint}
        action={<Button onClick={onRetry}>Try again</Button>}
      />
    </div>
  )
}

function Loading() {
  return (
    <div className="flex flex-col gap-3 p-4" aria-busy="true">
      <Skeleton className="h-7 w-40" />
      <Skeleton className="h-12 w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  )
}
