import { Link2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { bindingsFile } from '../../../shared/bindings-file.ts'
import type { ClientView } from '../../../shared/calls.ts'
import type { HoldingPolicy, PolicyReach } from '../../../shared/client-access.ts'
import { printable } from '../../../shared/printable.ts'
import { call } from '../../call.ts'
import { PolicyWaits } from '../../parts/policy-waits.tsx'
import { places } from '../../places.ts'
import { failureText } from '../../say/failure-text.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { asFailure, useCall } from '../../use-call.ts'

/** `tenant`: for whom an app works that is looked at; what is bound then is bound for that alone. */
type Props = { client: ClientView; policies: readonly HoldingPolicy[]; tenant: string | null }

/** The access policies that hold for a client, and the way to bind others or to end that. */
export function ClientPolicies({ client, policies, tenant }: Props) {
  const { value: reach } = useCall('policy.reach', {}, ['policy', 'servers', 'clients'])
  const { value: inForce } = useCall('policy.show', {}, ['policy'])
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<string | null>(null)
  const change = (policy: string, whom: string | null, bound: boolean) => {
    setBusy(true)
    setFailed(null)
    call('clients.bind', { id: client.id, policy, bound, ...(whom === null ? {} : { tenant: whom }) })
      .catch((error: unknown) => setFailed(failureText(asFailure(error))))
      .finally(() => setBusy(false))
  }
  return (
    <div className="flex flex-col gap-3 border-line border-b px-4 py-3">
      <ul aria-label="Access policies" className="flex flex-col gap-1">
        {policies.map((policy) => (
          <li
            key={JSON.stringify([policy.origin, policy.id, policy.tenant])}
            className="flex flex-wrap items-center gap-x-4 gap-y-1"
          >
            <Policy policy={policy} />
            {policy.files.includes(bindingsFile) && !isNothing(client, policy) && !client.revoked && (
              <Button
                size="small"
                disabled={busy}
                aria-label={`Unbind ${printable(policy.id)}`}
                onClick={() => change(policy.id, policy.tenant, false)}
              >
                Unbind
              </Button>
            )}
          </li>
        ))}
      </ul>
      {!client.revoked && reach && (
        <BindPolicy
          policies={reach.filter(({ id }) => !policies.some((policy) => isBound(policy, id, tenant)))}
          tenant={tenant}
          busy={busy}
          onBind={(policy) => change(policy, tenant, true)}
        />
      )}
      {failed !== null && (
        <p role="alert" className="text-denied-text">
          {failed}
        </p>
      )}
      {inForce?.waiting && <PolicyWaits changes={inForce.waiting.changes} brief={false} />}
    </div>
  )
}

function isBound(policy: HoldingPolicy, id: string, tenant: string | null): boolean {
  return policy.id === id && policy.by === 'client' && policy.tenant === tenant
}

/** What an app has until something is bound to it; to end that would give it nothing else. */
function isNothing({ kind }: ClientView, { id }: HoldingPolicy): boolean {
  return kind === 'oauth' && id === 'mcp.empty'
}

const how: Record<HoldingPolicy['by'], string> = {
  client: 'is bound to it',
  role: 'is bound to a role group of its user',
  unbound: 'holds, since nothing is bound to it',
}

function Policy({ policy: { id, by, tenant, files, origin, description } }: { policy: HoldingPolicy }) {
  const elsewhere = files.find((file) => file !== bindingsFile)
  return (
    <p className="min-w-60 flex-1 text-muted">
      The access policy{' '}
      <Link href={places.policies} className="text-ink underline">
        <VisibleText text={id} />
      </Link>
      {description !== null && (
        <>
          {' '}
          (<VisibleText text={description} />)
        </>
      )}{' '}
      {how[by]}
      {tenant !== null && `, while it works for ${tenant}`}
      {origin === 'org' && ', by your organisation'}
      {elsewhere !== undefined && (
        <>
          {' '}
          in{' '}
          <Link href={places.editFile(elsewhere, 1)} className="text-accent-text hover:underline">
            <VisibleText text={elsewhere} />
          </Link>
        </>
      )}
      .
    </p>
  )
}

type BindProps = {
  policies: readonly PolicyReach[]
  tenant: string | null
  busy: boolean
  onBind: (policy: string) => void
}

function BindPolicy({ policies, tenant, busy, onBind }: BindProps) {
  const [picked, setPicked] = useState('')
  const known = policies.some(({ id }) => id === picked)
  const bind = (event: FormEvent) => {
    event.preventDefault()
    if (known) onBind(picked)
    setPicked('')
  }
  return (
    <form onSubmit={bind} className="flex flex-wrap items-end gap-2">
      <div className="w-80 max-w-full">
        <Field label={tenant === null ? 'Bind an access policy' : `Bind an access policy for ${tenant} alone`}>
          <Select value={known ? picked : ''} onChange={(event) => setPicked(event.target.value)}>
            <option value="">choose one</option>
            {policies.map(({ id, allowed, tools }) => (
              <option key={id} value={id}>
                {printable(id)}: opens {allowed} of {tools} tools
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Button type="submit" loading={busy} disabled={!known} icon={<Link2 size={14} aria-hidden="true" />}>
        Bind
      </Button>
    </form>
  )
}
