import { type FormEvent, useState } from 'react'
import type { HaltTarget } from '../../shared/stop.ts'
import { call } from '../call.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { ErrorState } from '../ui/states.tsx'
import { asFailure, useCall } from '../use-call.ts'

type StopFormProps = {
  /** What is stopped, and in words what its calls are; absent: the person chooses, everything first. */
  only?: { target: HaltTarget; calls: string }
  onDone: () => void
}

/** Stops calls at once, with a reason for the record. The reason comes first, so that Enter alone stops everything. */
export function StopForm({ only, onDone }: StopFormProps) {
  const [reason, setReason] = useState('')
  const [chosen, setChosen] = useState('all:')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ReturnType<typeof asFailure> | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    call('stop', { reason: reason.trim() || 'stopped in the app', ...(only?.target ?? targetIn(chosen)) })
      .then(onDone, (error: unknown) => setFailure(asFailure(error)))
      .finally(() => setBusy(false))
  }
  const everything = only === undefined && chosen === 'all:'
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <p className="text-muted">
        Calls that run or wait are cancelled and new ones refused
        {everything ? ', for every client and server' : ''}. To go on you need the approval page.
      </p>
      <Field label="Why" hint="Optional; it is kept in the record.">
        <Input value={reason} onChange={(event) => setReason(event.target.value)} maxLength={200} />
      </Field>
      {only === undefined && <Which chosen={chosen} onChoose={setChosen} />}
      {failure && <ErrorState compact title="Not stopped" why={failure.message} hint={failure.hint} />}
      <Button type="submit" look="danger" loading={busy} kbd="Enter">
        {everything ? 'Stop everything' : `Stop ${only?.calls ?? 'these calls'}`}
      </Button>
    </form>
  )
}

/** The scope menu: everything, each server, each client entry that is in use. */
function Which({ chosen, onChoose }: { chosen: string; onChoose: (chosen: string) => void }) {
  const { value: servers = [] } = useCall('servers.list', {}, ['servers'])
  const { value: clients = [] } = useCall('clients.list', {}, ['clients'])
  return (
    <Field label="What">
      <Select value={chosen} onChange={(event) => onChoose(event.target.value)}>
        <option value="all:">Everything</option>
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
  )
}

function targetIn(chosen: string): HaltTarget {
  const [scope = '', ...name] = chosen.split(':')
  return scope === 'all' ? {} : { [scope]: name.join(':') }
}
