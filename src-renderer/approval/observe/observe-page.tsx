import { useState } from 'react'
import type { ObserveView } from '../../../shared/observe.ts'
import { observedCalls, relaxedWords } from '../../say/observe.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useCall } from '../../use-call.ts'
import { Column } from '../column.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'
import { ObserveForm } from './observe-form.tsx'

type ObservePageProps = { scope: ObserveView['scope']; name: string }

/** Observe mode: what it is on for, and turning it on, which loosens policy for a while. */
export function ObservePage({ scope, name }: ObservePageProps) {
  const { value: state, error, refresh } = useCall('observe.show', {}, ['status', 'policy'])
  const [begun, setBegun] = useState(false)
  if (!state) {
    return (
      <Column title="Observe mode">
        {error ? (
          <ErrorState
            compact
            title="Observe mode cannot be told"
            why={error.message}
            hint={error.hint}
            action={<Button onClick={refresh}>Try again</Button>}
          />
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
      </Column>
    )
  }
  const { observing, forbidden } = state
  return (
    <Column
      title={begun && observing.length > 0 ? 'Observe mode is on' : 'Observe mode'}
      lead="For a while, what policy would ask about, bound or deny for want of a rule runs, and is recorded with what it would have been."
    >
      {observing.length > 0 && (
        <ul className="flex flex-col gap-2">
          {observing.map((view) => (
            <li key={`${view.scope} ${view.name}`}>
              <On view={view} />
            </li>
          ))}
        </ul>
      )}
      {forbidden ? (
        <Notice tone="denied">
          Policy forbids observe mode: a rule file says <code>observe: forbidden</code>.
        </Notice>
      ) : (
        <ObserveForm
          key={`${scope} ${name}`}
          scope={scope}
          name={name}
          observing={observing}
          onBegun={() => {
            setBegun(true)
            refresh()
          }}
        />
      )}
    </Column>
  )
}

function On({ view }: { view: ObserveView }) {
  const { run, busy, failure } = useDeed('observe.stop')
  const end = () => void run({ scope: view.scope === 'all' ? {} : { [view.scope]: view.name } })
  return (
    <>
      <Notice
        tone="observed"
        action={
          <Button loading={busy} onClick={end} aria-label={`End now: observe mode for ${observedCalls(view)}`}>
            End now
          </Button>
        }
      >
        <p>
          <b>On for {observedCalls(view)}</b> until <Time at={view.expires_at} />; {relaxedWords(view)}.
        </p>
        {view.reason !== '' && (
          <p className="text-muted">
            “{view.reason}”, {view.started_by}
          </p>
        )}
      </Notice>
      <FailureNote title="Not ended" failure={failure} />
    </>
  )
}
