import { type FormEvent, useState } from 'react'
import type { IncidentDetail } from '../../../shared/incidents.ts'
import { call } from '../../call.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { asFailure } from '../../use-call.ts'

/** What was noted of an incident, oldest first, and one more; nothing can be changed or taken back. */
export function IncidentNotes({ detail: { incident, notes } }: { detail: IncidentDetail }) {
  return (
    <Section title="Notes">
      <Card className="flex flex-col gap-4 p-4">
        {notes.length > 0 && (
          <ul className="flex flex-col gap-2">
            {notes.map(({ at, by, door, text }) => (
              <li key={`${at} ${text}`}>
                <p className="[overflow-wrap:anywhere]">
                  <VisibleText text={text} />
                </p>
                <p className="text-muted text-small">
                  {by} ({door}), <Time at={at} />
                </p>
              </li>
            ))}
          </ul>
        )}
        <Add id={incident.id} />
      </Card>
    </Section>
  )
}

function Add({ id }: { id: string }) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ReturnType<typeof asFailure> | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setFailure(null)
    call('incidents.note', { id, text })
      .then(
        () => setText(''),
        (error: unknown) => setFailure(asFailure(error)),
      )
      .finally(() => setBusy(false))
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <div className="flex items-end gap-2">
        <div className="flex-1">
          <Field label="Add a note">
            <Input value={text} onChange={(event) => setText(event.target.value)} maxLength={2000} />
          </Field>
        </div>
        <Button type="submit" loading={busy} disabled={text.trim() === ''}>
          Add
        </Button>
      </div>
      {failure && <ErrorState compact title="Not noted" why={failure.message} hint={failure.hint} />}
    </form>
  )
}
