import { useState } from 'react'
import { tenantWords } from '../../say/tenant.ts'
import { GivenToApp } from '../../show/given-to-app.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useCall } from '../../use-call.ts'
import { Column } from '../column.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'
import { AppRegistration } from './app-registration.tsx'

const comesIn = {
  stdio: 'through a program that it starts (stdio)',
  http: 'over HTTP, with a bearer token',
  oauth: 'over HTTP, as an app that a person let in',
} as const

/** One client entry: of an app what it was given and registered, and how the entry is revoked. */
export function ClientPage({ id, go }: { id: string; go: (to: string) => void }) {
  const { value: clients } = useCall('clients.list', {}, ['clients'])
  const client = clients?.find((it) => it.id === id)
  const back = (
    <div>
      <Button onClick={() => go('/clients')}>See all clients</Button>
    </div>
  )
  if (!clients) {
    return (
      <Column title="Client">
        <Skeleton className="h-24 w-full" />
      </Column>
    )
  }
  if (!client) {
    return (
      <Column title="There is no such client entry" lead="It was never made, or belongs to another profile.">
        {back}
      </Column>
    )
  }
  const { name, kind, created_at, last_seen, revoked, public_origin } = client
  return (
    <Column title={`Client ${name}`}>
      <Facts
        facts={[
          ['Comes in', comesIn[kind]],
          ...(public_origin === null ? [] : [['From', `the network, by ${public_origin}`] as const]),
          ['Entry', <CopyText key="id" text={id} />],
          ['Made', <Time key="made" at={created_at} />],
          ['Last seen', last_seen === null ? 'never' : <Time key="seen" at={last_seen} />],
        ]}
      />
      {kind === 'oauth' && <Given client={id} />}
      {kind === 'oauth' && <AppRegistration client={id} revoked={revoked} />}
      {revoked ? (
        <>
          <Notice tone="denied">
            <p role="status">This entry is revoked: its client cannot come in with it any more.</p>
          </Notice>
          {back}
        </>
      ) : (
        <Revoke id={id} />
      )}
    </Column>
  )
}

function Given({ client }: { client: string }) {
  const { value: given } = useCall('consents.given', { client }, ['clients', 'consents'])
  return <GivenToApp given={given ?? []} end={(access) => <RevokeFor client={client} tenant={access.tenant} />} />
}

/** Ends what the app was given for one tenant; what it was given for others stays. */
function RevokeFor({ client, tenant }: { client: string; tenant: string | null }) {
  const { run, busy, failure } = useDeed('clients.revoke')
  const [sure, setSure] = useState(false)
  const whom = tenantWords(tenant)
  return (
    <>
      <div className="flex gap-2">
        <Button
          size="small"
          look={sure ? 'danger' : 'secondary'}
          loading={busy}
          onClick={() => (sure ? void run({ id: client, tenant: tenant ?? '' }) : setSure(true))}
        >
          {sure ? `Yes, revoke it for ${whom}` : `Revoke for ${whom}`}
        </Button>
        {sure && (
          <Button size="small" onClick={() => setSure(false)}>
            Keep it
          </Button>
        )}
      </div>
      <FailureNote title="Not revoked" failure={failure} />
    </>
  )
}

function Revoke({ id }: { id: string }) {
  const { run, busy, failure } = useDeed('clients.revoke')
  const [sure, setSure] = useState(false)
  return (
    <>
      <p className="text-muted">
        Revoking cuts the client off at once and cannot be undone: it needs a new entry to come back.
      </p>
      <FailureNote title="Not revoked" failure={failure} />
      <div className="flex gap-2">
        <Button
          look={sure ? 'danger' : 'secondary'}
          loading={busy}
          onClick={() => (sure ? void run({ id }) : setSure(true))}
        >
          {sure ? 'Yes, revoke it' : 'Revoke this entry'}
        </Button>
        {sure && <Button onClick={() => setSure(false)}>Keep it</Button>}
      </div>
    </>
  )
}
