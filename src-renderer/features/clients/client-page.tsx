import { Ban } from 'lucide-react'
import { Link } from 'wouter'
import type { ClientView, StatusView } from '../../../shared/calls.ts'
import type { GivenAccess } from '../../../shared/consents.ts'
import { GrantsOf } from '../../parts/grants-of.tsx'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { StopCalls } from '../../parts/stop-calls.tsx'
import { mostRecent, useRecentCalls } from '../../parts/use-recent-calls.ts'
import { places } from '../../places.ts'
import { asked, ran, refused } from '../../say/call-outcome.ts'
import { tenantWords } from '../../say/tenant.ts'
import { GivenToApp } from '../../show/given-to-app.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { ClientTools } from './client-tools.tsx'
import { boundsOf, Identity } from './clients-table.tsx'

const comesIn = {
  stdio: 'through a program that Toolgate gave it, over a private socket; it proves a secret each time it connects',
  http: 'over HTTP from this machine; it carries a bearer token with each request',
  oauth: 'by signing in (OAuth), after a person let it in; it carries a short-lived token with each request',
} as const

const waysIn = ({ kind, public_origin }: ClientView) =>
  public_origin === null ? comesIn[kind] : `over the network, at ${public_origin}, ${comesIn[kind]}`

/** One client: who it is, what it can use and why, what it was allowed for longer, and what it did. */
export function ClientPage({ client, status }: { client: ClientView; status: StatusView }) {
  const { id, name, revoked } = client
  return (
    <div className="@container flex flex-col gap-6 p-6">
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-0">
          <p className="text-muted">
            <Link href={places.clients} className="hover:text-ink hover:underline">
              Connected clients
            </Link>{' '}
            ›
          </p>
          <h1 className="flex flex-wrap items-center gap-2 text-title [overflow-wrap:anywhere]">
            <VisibleText text={name} /> <Identity client={client} />
          </h1>
        </div>
        {!revoked && (
          <div className="flex gap-2">
            <StopCalls scope="client" name={id} title={name} />
            <OpenApprovalsButton at={`/clients/${id}`} look="ghost" icon={<Ban size={14} aria-hidden="true" />}>
              Revoke
            </OpenApprovalsButton>
          </div>
        )}
      </header>
      <Section title="Who it is">
        <Card className="p-4">
          <Who client={client} />
        </Card>
      </Section>
      {client.kind === 'oauth' && <Given client={client} />}
      <ClientTools client={client} servers={status.servers.length} />
      <GrantsOf client={id} />
      <RecentCalls client={client} />
    </div>
  )
}

function Given({ client: { id } }: { client: ClientView }) {
  const { value: given } = useCall('consents.given', { client: id }, ['clients', 'consents'])
  const end = (access: GivenAccess) => (
    <OpenApprovalsButton at={`/clients/${id}`} size="small">
      Revoke for {tenantWords(access.tenant)}
    </OpenApprovalsButton>
  )
  return <GivenToApp given={given ?? []} end={end} />
}

function Who({ client }: { client: ClientView }) {
  const { id, created_at, last_seen } = client
  const bounds = boundsOf(client)
  return (
    <Facts
      facts={[
        ['Comes in', waysIn(client)],
        ...(bounds === '' ? [] : [['Its token', bounds.replace(/^; /, '')] as const]),
        ['Entry', <CopyText key="id" text={id} />],
        ['Made', <Time key="made" at={created_at} />],
        ['Last seen', last_seen === null ? 'not yet' : <Time key="seen" at={last_seen} />],
      ]}
    />
  )
}

/** Among the newest calls of all; the whole record is on the activity page. */
function RecentCalls({ client: { id, name } }: { client: ClientView }) {
  const { rows, more } = useRecentCalls()
  if (!rows) return null
  const own = rows.filter(({ client }) => client.id === id)
  const of = more ? ` among the newest ${mostRecent} calls of all clients` : ''
  return (
    <Section title="What it did">
      <Card className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 p-4">
        {own.length === 0 ? (
          <p className="text-muted">No call of it is on record{of}.</p>
        ) : (
          <>
            <p>
              {own.length} {own.length === 1 ? 'call' : 'calls'}
              {of}: {own.filter(ran).length} ran, {own.filter(asked).length} waited for a person,{' '}
              {own.filter(refused).length} denied.
            </p>
            <Link
              href={`${places.activity}?${new URLSearchParams({ client: id })}`}
              className="text-accent-text hover:underline"
            >
              Calls of <VisibleText text={name} />
            </Link>
          </>
        )}
      </Card>
    </Section>
  )
}
