import { useState } from 'react'
import type { PersonView } from '../../../shared/people.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { FailureNote } from '../failure-note.tsx'
import { PinField } from '../unlock/pin-field.tsx'
import { useDeed } from '../use-deed.ts'

type PersonCardProps = { person: PersonView; mine: boolean; admin: boolean; onChange: () => void }

/** One person: their groups, whether they are away, and for an admin the way to remove them. */
export function PersonCard({ person, mine, admin, onChange }: PersonCardProps) {
  const [removing, setRemoving] = useState(false)
  const { name, groups, away, owner } = person
  return (
    <div className="flex flex-col gap-2 rounded-md border border-line px-3 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <b className="font-strong">
          <VisibleText text={name} />
        </b>
        {mine && <span className="text-muted">you</span>}
        {person.admin && <Badge>admin</Badge>}
        <span className="flex-1" />
        {admin && !owner && !removing && (
          <Button size="small" onClick={() => setRemoving(true)} aria-label={`Remove ${name}`}>
            Remove
          </Button>
        )}
      </div>
      <p className="text-muted">{groups.length > 0 ? `In ${groups.join(', ')}` : 'In no group'}</p>
      {away && (
        <p className="text-asked-text">
          Away until <Time at={away.until} />
          {away.delegate ? `; ${away.delegate.name} answers in their place` : ''}
        </p>
      )}
      {removing && <RemovePerson person={person} onDone={onChange} onBack={() => setRemoving(false)} />}
    </div>
  )
}

type RemoveProps = { person: PersonView; onDone: () => void; onBack: () => void }

function RemovePerson({ person: { id, name }, onDone, onBack }: RemoveProps) {
  const { run, busy, failure } = useDeed('people.remove')
  const [pin, setPin] = useState('')
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void run({ id, pin }).then((done) => (done ? onDone() : setPin('')))
      }}
    >
      <p className="text-muted">Answers and grants of {name} that have not ended count no more.</p>
      <PinField label="Your PIN, again" focused value={pin} onChange={setPin} />
      <FailureNote title="Not removed" failure={failure} />
      <div className="flex gap-2">
        <Button type="submit" look="danger" loading={busy} disabled={pin === ''}>
          Remove {name}
        </Button>
        <Button onClick={onBack}>Back</Button>
      </div>
    </form>
  )
}
