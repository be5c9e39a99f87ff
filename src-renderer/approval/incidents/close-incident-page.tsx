import { Check } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { IncidentView } from '../../../shared/incidents.ts'
import { incidentAbout, incidentKinds } from '../../say/incident.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Textarea } from '../../ui/field.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { Column } from '../column.tsx'
import { FailureNote } from '../failure-note.tsx'
import { useDeed } from '../use-deed.ts'

/** Closing an incident, which a person does, with what came of it. */
export function CloseIncidentPage({ id, go }: { id: string; go: (to: string) => void }) {
  const { value: incidents, error } = useCall('incidents.list', {}, ['status'])
  const incident = incidents?.find((it) => it.id === id)
  if (error && !incidents) {
    return (
      <Column title="Close an incident">
        <ErrorState compact title="The incident cannot be shown" why={error.message} hint={error.hint} />
      </Column>
    )
  }
  if (!incidents) {
    return (
      <Column title="Close an incident">
        <Skeleton className="h-24 w-full" />
      </Column>
    )
  }
  if (!incident) return <Column title="There is no such incident">It may be of another profile.</Column>
  if (incident.closed_at !== null) {
    return (
      <Column title="The incident is closed" lead={`“${incident.conclusion}”, ${incident.closed_by}`}>
        <div>
          <Button onClick={() => go('/')}>See what waits</Button>
        </div>
      </Column>
    )
  }
  return <CloseForm incident={incident} />
}

function CloseForm({ incident }: { incident: IncidentView }) {
  const { run, busy, failure } = useDeed('incidents.close')
  const [conclusion, setConclusion] = useState('')
  const close = (event: FormEvent) => {
    event.preventDefault()
    void run({ id: incident.id, conclusion })
  }
  return (
    <Column
      title={`Close the incident: ${incidentAbout(incident)}`}
      lead="It stays as it is then, with its notes and the records until now. What is stopped stays stopped."
    >
      <p>
        Opened <Time at={incident.opened_at} /> by {incident.opened_by} ({incidentKinds[incident.kind].toLowerCase()})
        {incident.why !== '' && (
          <>
            : “<VisibleText text={incident.why} />”
          </>
        )}
      </p>
      <form onSubmit={close} className="flex flex-col gap-4">
        <Field label="Conclusion" hint="What it was, and what was done about it.">
          <Textarea
            rows={4}
            value={conclusion}
            maxLength={2000}
            onChange={(event) => setConclusion(event.target.value)}
          />
        </Field>
        <FailureNote title="Not closed" failure={failure} />
        <div>
          <Button
            type="submit"
            look="primary"
            size="large"
            loading={busy}
            disabled={conclusion.trim() === ''}
            icon={<Check size={14} aria-hidden="true" />}
          >
            Close the incident
          </Button>
        </div>
      </form>
    </Column>
  )
}
