import { LockOpen } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { longestOverrideMinutes, usualOverrideMinutes } from '../../../shared/override-minutes.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { useCall } from '../../use-call.ts'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { PinField } from '../unlock/pin-field.tsx'
import { useDeed } from '../use-deed.ts'

const choices = [5, usualOverrideMinutes, 30, longestOverrideMinutes]

/** For which calls, for how long and why; and the person once more, as for an answer of level 4. */
export function OverrideForm({ onBegun }: { onBegun: () => void }) {
  const { run, busy, failure, forget } = useDeed('override.start')
  const { value: presence } = useCall('presence.state', {}, ['presence'])
  const { value: servers = [] } = useCall('servers.list', {}, ['servers'])
  const { value: clients = [] } = useCall('clients.list', {}, ['clients'])
  const [chosen, setChosen] = useState('all:')
  const [minutes, setMinutes] = useState(usualOverrideMinutes)
  const [reason, setReason] = useState('')
  const [pin, setPin] = useState('')
  const asksPin = presence?.proof !== 'platform'
  const begin = (event: FormEvent) => {
    event.preventDefault()
    const [scope = '', ...name] = chosen.split(':')
    const target = scope === 'all' ? {} : { [scope]: name.join(':') }
    void run({ scope: target, minutes, reason, ...(asksPin ? { pin } : {}) }).then((state) => {
      setPin('')
      if (!state) return
      setReason('')
      onBegun()
    })
  }
  return (
    <form onSubmit={begin} className="flex flex-col gap-4">
      <Field label="Which calls">
        <Select value={chosen} onChange={(event) => setChosen(event.target.value)}>
          <option value="all:">Every call</option>
          {servers.map(({ name }) => (
            <option key={name} value={`server:${name}`}>
              Calls to {name}
            </option>
          ))}
          {clients
            .filter(({ revoked }) => !revoked)
            .map(({ id, name }) => (
              <option key={id} value={`client:${id}`}>
                Calls of {name}
              </option>
            ))}
        </Select>
      </Field>
      <Field label="For how long" hint="It ends by itself then, or with the gateway; anybody can end it before.">
        <Select value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice} minutes
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Why" hint="It is kept in the record and in the incident.">
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      {asksPin && (
        <PinField
          label="Your PIN, again"
          value={pin}
          onChange={(value) => {
            forget()
            setPin(value)
          }}
        />
      )}
      <Notice tone="denied">
        Rules that deny, tools that changed since their review, Toolgate’s own files and a stop hold as before, and so
        do bounds that rules set. All other calls run without asking, also those that no rule allows.
      </Notice>
      <FailureNote title="Not begun" failure={failure} />
      <div>
        <Button
          type="submit"
          look="danger"
          size="large"
          loading={busy}
          disabled={reason.trim() === '' || (asksPin && pin === '')}
          icon={<LockOpen size={14} aria-hidden="true" />}
        >
          Begin the override
        </Button>
      </div>
    </form>
  )
}
