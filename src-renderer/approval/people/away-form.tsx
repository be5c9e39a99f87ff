import { useState } from 'react'
import type { PersonView } from '../../../shared/people.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { FailureNote } from '../failure-note.tsx'
import { useDeed } from '../use-deed.ts'

const dayMs = 86_400_000
const choices = [1, 3, 7, 14, 31]

type AwayProps = { me: PersonView; people: readonly PersonView[]; onChange: () => void }

/** Saying that you are away, and who answers in your place: with your groups, and with one voice between you. */
export function AwayForm({ me, people, onChange }: AwayProps) {
  const leave = useDeed('people.away')
  const back = useDeed('people.back')
  const [days, setDays] = useState(1)
  const [delegate, setDelegate] = useState('')
  const done = (view: PersonView | null) => view && onChange()
  if (me.away) {
    return (
      <div className="flex flex-col gap-2">
        <FailureNote title="Still away" failure={back.failure} />
        <div>
          <Button loading={back.busy} onClick={() => void back.run({}).then(done)}>
            I am back
          </Button>
        </div>
      </div>
    )
  }
  const go = () => {
    // A moment less than the longest, for the time until it arrives.
    const until = new Date(Date.now() + days * dayMs - 60_000).toISOString()
    void leave.run({ until, delegate: delegate === '' ? null : delegate }).then(done)
  }
  return (
    <section aria-label="Going away" className="flex flex-col gap-3 border-line border-t pt-4">
      <h3 className="font-strong">Going away</h3>
      <p className="text-muted">
        Somebody answers in your place, as far as your groups allow it. One of you counts, never both.
      </p>
      <Field label="For how long">
        <Select value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice === 1 ? '1 day' : `${choice} days`}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Who answers for you">
        <Select value={delegate} onChange={(event) => setDelegate(event.target.value)}>
          <option value="">Nobody</option>
          {people
            .filter(({ id }) => id !== me.id)
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </Select>
      </Field>
      <FailureNote title="Not noted" failure={leave.failure} />
      <div>
        <Button loading={leave.busy} onClick={go}>
          I am away
        </Button>
      </div>
    </section>
  )
}
