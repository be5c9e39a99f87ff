import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { Column } from '../column.tsx'
import { Notice } from '../notice.tsx'
import { AddPerson } from './add-person.tsx'
import { AwayForm } from './away-form.tsx'
import { PersonCard } from './person-card.tsx'

/** Who may answer at this machine: adding and removing them, and saying who answers while somebody is away. */
export function PeoplePage({ go }: { go: (to: string) => void }) {
  const { value: people, error, refresh } = useCall('people.list', {}, ['presence'])
  const { value: presence } = useCall('presence.state', {}, ['presence'])
  const [adding, setAdding] = useState(false)
  if (!people || !presence) {
    return (
      <Column title="People">
        {error ? (
          <ErrorState compact title="Who is here cannot be told" why={error.message} hint={error.hint} />
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
      </Column>
    )
  }
  const me = people.find(({ id, owner }) => (presence.who ? id === presence.who.id : owner))
  const changeable = me?.admin === true && presence.enrolled
  return (
    <Column
      title="People"
      lead="Each answers with a PIN of their own, and the record says who did. Policy may ask for people of a group, for several, or for somebody else than who asks."
    >
      <ul className="flex flex-col gap-2">
        {people.map((person) => (
          <li key={person.id}>
            <PersonCard person={person} mine={person.id === me?.id} changeable={changeable} onChange={refresh} />
          </li>
        ))}
      </ul>
      {me?.admin !== true ? (
        <p className="text-muted">Only an admin adds, changes and removes people.</p>
      ) : !presence.enrolled ? (
        <Notice tone="asked" action={<Button onClick={() => go('/presence')}>Choose a PIN</Button>}>
          Choose a PIN of your own before you add somebody: from then on this page asks who is here.
        </Notice>
      ) : adding ? (
        <AddPerson
          onDone={() => {
            setAdding(false)
            refresh()
          }}
        />
      ) : (
        <div>
          <Button onClick={() => setAdding(true)}>Add somebody</Button>
        </div>
      )}
      {me && people.length > 1 && <AwayForm me={me} people={people} onChange={refresh} />}
    </Column>
  )
}
