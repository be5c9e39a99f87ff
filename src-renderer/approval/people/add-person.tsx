import { UserPlus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { FailureNote } from '../failure-note.tsx'
import { PinField } from '../unlock/pin-field.tsx'
import { useDeed } from '../use-deed.ts'
import { AdminBox, GroupsField, groupsIn } from './what-they-may.tsx'

const nothing = { name: '', groups: '', new_pin: '', again: '', pin: '' }

/** Adding somebody: who is added types a PIN of their own, and the admin theirs once more. */
export function AddPerson({ onDone }: { onDone: () => void }) {
  const { run, busy, failure, forget } = useDeed('people.add')
  const [typed, setTyped] = useState(nothing)
  const [admin, setAdmin] = useState(false)
  const [differs, setDiffers] = useState(false)
  const type = (place: keyof typeof nothing) => (value: string) => {
    forget()
    setDiffers(false)
    setTyped({ ...typed, [place]: value })
  }
  const add = (event: FormEvent) => {
    event.preventDefault()
    const { name, new_pin, again, pin } = typed
    setDiffers(new_pin !== again)
    if (new_pin !== again) return
    void run({ name, groups: groupsIn(typed.groups), admin, new_pin, pin }).then((done) => {
      if (done) onDone()
      else setTyped((now) => ({ ...now, pin: '' }))
    })
  }
  const ready = typed.name.trim() !== '' && typed.new_pin !== '' && typed.again !== '' && typed.pin !== ''
  return (
    <form onSubmit={add} aria-label="Add somebody" className="flex flex-col gap-3 rounded-md border border-line p-3">
      <Field label="Name" hint="The record names them by it; it is never given to anybody else.">
        <Input autoFocus value={typed.name} maxLength={60} onChange={(event) => type('name')(event.target.value)} />
      </Field>
      <GroupsField value={typed.groups} onChange={type('groups')} />
      <AdminBox checked={admin} onChange={setAdmin} />
      <PinField
        label="Their PIN"
        fresh
        value={typed.new_pin}
        onChange={type('new_pin')}
        hint="Typed by whom you add: 6 digits that are no simple series, or a passphrase."
      />
      <PinField
        label="Their PIN, the same again"
        fresh
        value={typed.again}
        onChange={type('again')}
        error={differs ? 'The two are not the same: type both again.' : null}
      />
      <PinField label="Your own PIN, again" value={typed.pin} onChange={type('pin')} />
      <FailureNote title="Not added" failure={failure} />
      <div className="flex gap-2">
        <Button
          type="submit"
          look="primary"
          loading={busy}
          disabled={!ready}
          icon={<UserPlus size={14} aria-hidden="true" />}
        >
          Add
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  )
}
