import { useState } from 'react'
import { isAuditor } from '../../../shared/auditor.ts'
import type { PersonView } from '../../../shared/people.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { FailureNote } from '../failure-note.tsx'
import { PinField } from '../unlock/pin-field.tsx'
import { useDeed } from '../use-deed.ts'
import { ChangePerson } from './change-person.tsx'

type PersonCardProps = { person: PersonView; mine: boolean; changeable: boolean; onChange: () => void }

/** One person: their groups, whether they are away and, where they may be changed, the way to change or remove them. */
export function PersonCard({ person, mine, changeable, onChange }: PersonCardProps) {
  const [doing, setDoing] = useState<'change' | 'remove' | null>(null)
  const back = () => setDoing(null)
  const { name, groups, away, owner } = person
  return (
    <div className="flex flex-col gap-2 rounded-md border border-line px-3 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <b className="font-strong">
          <VisibleText text={name} />
        </b>
        {mine && <span className="text-muted">you</span>}
        {person.admin && <Badge>admin</Badge>}
        {isAuditor(person) && <Badge>only looks</Badge>}
        <span className="flex-1" />
        {changeable && doing === null && (
          <Button size="small" onClick={() => setDoing('change')} aria-label={`Change ${name}`}>
            Change
          </Button>
        )}
        {changeable && !owner && doing === null && (
          <Button size="small" onClick={() => setDoing('remove')} aria-label={`Remove ${name}`}>
            Remove
          </Button>
        )}
      </div>
      {doing !== 'change' && (
        <p className="text-muted">{groups.length > 0 ? `In ${groups.join(', ')}` : 'In no group'}</p>
      )}
      {away && (
        <p className="text-asked-text">
          Away until <Time at={away.until} />
          {away.delegate ? `; ${away.delegate.name} answers in their place` : ''}
        </p>
      )}
      {doing === 'change' && (
        <ChangePerson
          person={person}
          onDone={() => {
            back()
            onChange()
          }}
          onBack={back}
        />
      )}
      {doing === 'remove' && <RemovePerson person={person} onDone={onChange} onBack={back} />}
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
