import { useState } from 'react'
import type { PersonView } from '../../../shared/people.ts'
import { Button } from '../../ui/button.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { FailureNote } from '../failure-note.tsx'
import { PinField } from '../unlock/pin-field.tsx'
import { useDeed } from '../use-deed.ts'
import { AdminBox, GroupsField, groupsIn } from './what-they-may.tsx'

type ChangeProps = { person: PersonView; onDone: () => void; onBack: () => void }

/** Changing what somebody may answer; groups that policy gives stay where they are. */
export function ChangePerson({ person, onDone, onBack }: ChangeProps) {
  const { run, busy, failure } = useDeed('people.change')
  const [typed, setTyped] = useState(person.own_groups.join(', '))
  const [admin, setAdmin] = useState(person.admin)
  const [pin, setPin] = useState('')
  const groups = groupsIn(typed)
  const same = admin === person.admin && groups.join() === person.own_groups.join()
  const byPolicy = person.groups.filter((group) => !person.own_groups.includes(group))
  return (
    <form
      aria-label={`Change ${person.name}`}
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        void run({ id: person.id, groups, admin, pin }).then((done) => (done ? onDone() : setPin('')))
      }}
    >
      <GroupsField focused value={typed} onChange={setTyped} />
      {byPolicy.length > 0 && (
        <p className="text-muted">
          Also in <VisibleText text={byPolicy.join(', ')} />, by policy.
        </p>
      )}
      <AdminBox checked={admin} onChange={setAdmin} />
      <p className="text-muted">What waits is decided again: answers that they may no longer give count no more.</p>
      <PinField label="Your PIN, again" value={pin} onChange={setPin} />
      <FailureNote title="Not changed" failure={failure} />
      <div className="flex gap-2">
        <Button type="submit" look="primary" loading={busy} disabled={same || pin === ''}>
          Save
        </Button>
        <Button onClick={onBack}>Cancel</Button>
      </div>
    </form>
  )
}
