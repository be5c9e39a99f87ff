import { Eye } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { ObserveView } from '../../../shared/observe.ts'
import { mostObserveDays } from '../../../shared/observe-days.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { useCall } from '../../use-call.ts'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'

type ObserveFormProps = {
  scope: ObserveView['scope']
  name: string
  observing: readonly ObserveView[]
  onBegun: () => void
}

const days = Array.from({ length: mostObserveDays }, (_, at) => at + 1)

/** For what, for how long and why observe mode is turned on. */
export function ObserveForm({ scope, name, observing, onBegun }: ObserveFormProps) {
  const { run, busy, failure, forget } = useDeed('observe.start')
  const choices = useChoices(scope, name)
  const [chosen, setChosen] = useState(`${scope}:${name}`)
  const [length, setLength] = useState(mostObserveDays)
  const [reason, setReason] = useState('')
  const already = observing.some((view) => `${view.scope}:${view.name}` === chosen)
  const begin = (event: FormEvent) => {
    event.preventDefault()
    const [kind = '', ...rest] = chosen.split(':')
    const input = kind === 'all' ? {} : { [kind]: rest.join(':') }
    void run({ scope: input, days: length, reason: reason.trim() }).then((state) => state && onBegun())
  }
  return (
    <form onSubmit={begin} className="flex flex-col gap-4">
      <Field label="Which calls">
        <Select
          value={chosen}
          onChange={(event) => {
            forget()
            setChosen(event.target.value)
          }}
        >
          {choices.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="For how long" hint="It ends by itself then; anybody can end it before.">
        <Select value={length} onChange={(event) => setLength(Number(event.target.value))}>
          {days.map((day) => (
            <option key={day} value={day}>
              {day === 1 ? 'one day' : `${day} days`}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Why" hint="Optional; it is kept in the record.">
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <Notice tone="asked">
        Rules that deny, tools that changed since their review, Toolgate’s own files and a stop hold as before, and
        calls across tenants still ask. All other calls run at once, also those that no rule allows.
      </Notice>
      <FailureNote title="Not turned on" failure={failure} />
      <div>
        <Button type="submit" look="primary" size="large" loading={busy} icon={<Eye size={14} aria-hidden="true" />}>
          {already ? 'Renew observe mode' : 'Turn observe mode on'}
        </Button>
      </div>
    </form>
  )
}

/** Everything, each server and each client entry; what the address names is there from the beginning. */
function useChoices(scope: ObserveView['scope'], name: string) {
  const { value: servers = [] } = useCall('servers.list', {}, ['servers'])
  const { value: clients = [] } = useCall('clients.list', {}, ['clients'])
  const known = [
    { value: 'all:', words: 'Every call' },
    ...servers.map((server) => ({ value: `server:${server.name}`, words: `Calls to ${server.name}` })),
    ...clients
      .filter(({ revoked }) => !revoked)
      .map((client) => ({ value: `client:${client.id}`, words: `Calls of ${client.name}` })),
  ]
  const asked = `${scope}:${name}`
  if (known.some(({ value }) => value === asked)) return known
  return [...known, { value: asked, words: `Calls ${scope === 'server' ? 'to' : 'of'} ${name}` }]
}
