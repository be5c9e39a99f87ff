import type { OverrideView } from '../../../shared/override.ts'
import { haltTitle, targetOf } from '../../say/halt.ts'
import { overriddenWords } from '../../say/override.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { Column } from '../column.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'
import { OverrideForm } from './override-form.tsx'

/** Overrides: what is on, and beginning one, which lets through for minutes what policy would hold. */
export function OverridePage() {
  const { value: state, error, refresh } = useCall('override.show', {}, ['status', 'policy'])
  if (!state) {
    return (
      <Column title="Override">
        {error ? (
          <ErrorState compact title="Overrides cannot be told" why={error.message} hint={error.hint} />
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
      </Column>
    )
  }
  return (
    <Column
      title={state.overrides.length > 0 ? 'An override is on' : 'Override'}
      lead="For when work cannot wait for policy: what it would ask about or deny for want of a rule runs for some minutes. Each call is recorded, and an incident holds them."
    >
      {state.overrides.map((view) => (
        <On key={`${view.scope} ${view.name}`} view={view} />
      ))}
      {state.forbidden ? (
        <Notice tone="denied">
          Policy forbids overrides: a rule file says <code>observe: forbidden</code>.
        </Notice>
      ) : (
        <OverrideForm onBegun={refresh} />
      )}
    </Column>
  )
}

function On({ view }: { view: OverrideView }) {
  const { run, busy, failure } = useDeed('override.end')
  return (
    <div>
      <Notice
        tone="denied"
        action={
          <Button loading={busy} onClick={() => void run({ scope: targetOf(view) })}>
            End now
          </Button>
        }
      >
        <p>
          <b>{haltTitle(view)}</b>, until <Time at={view.ends_at} />; {overriddenWords(view)}.
        </p>
        <p className="text-muted">
          “<VisibleText text={view.reason} />
          ”, {view.started_by}
        </p>
      </Notice>
      <FailureNote title="Not ended" failure={failure} />
    </div>
  )
}
