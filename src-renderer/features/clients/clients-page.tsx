import { Plug } from 'lucide-react'
import { useLocation } from 'wouter'
import type { ClientView, StatusView } from '../../../shared/calls.ts'
import { serverAddress } from '../../../shared/client-configuration.ts'
import { allServers } from '../../../shared/link.ts'
import { ClientSetup } from '../../parts/client-setup.tsx'
import { GrantsOf } from '../../parts/grants-of.tsx'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { isAt, places } from '../../places.ts'
import { homeOf } from '../../say/short-path.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-text.tsx'
import { Hint } from '../../ui/hint.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { ClientPage } from './client-page.tsx'
import { ClientsTable } from './clients-table.tsx'
import { MachineClients } from './machine-clients.tsx'

/** The clients that may come in, how each proves who it is, and how to connect another; or one of them, as the address says. */
export function ClientsPage() {
  const clients = useCall('clients.list', {}, ['clients'])
  const status = useCall('status', {}, ['status', 'clients', 'servers'])
  const [location] = useLocation()
  if (clients.value && status.value) {
    if (location === places.clients) return <Content clients={clients.value} status={status.value} />
    const open = clients.value.find(({ id }) => isAt(location, places.client(id)))
    return open ? <ClientPage key={open.id} client={open} status={status.value} /> : <NoSuchClient />
  }
  const error = clients.error ?? status.error
  if (!error) return <Loading />
  return (
    <ErrorState
      title="The clients cannot be listed"
      why={error.message}
      hint={error.hint}
      action={<Button onClick={clients.refresh}>Try again</Button>}
    />
  )
}

function Content({ clients, status }: { clients: readonly ClientView[]; status: StatusView }) {
  const ordered = [...clients.filter(({ revoked }) => !revoked), ...clients.filter(({ revoked }) => revoked)]
  return (
    <div className="flex flex-col gap-6 p-6">
      <header>
        <h1 className="text-title">Connected clients</h1>
        <p className="text-muted">The AI clients that come in through Toolgate. {sessions(status.sessions)}</p>
      </header>
      <MachineClients home={homeOf(status.profile)} />
      <Section
        title="Client entries"
        aside={
          clients.length > 0 && (
            <OpenApprovalsButton at="/clients/new" size="small">
              Connect a client by hand
            </OpenApprovalsButton>
          )
        }
      >
        <Card className="overflow-x-auto">
          {clients.length > 0 ? (
            <ClientsTable clients={ordered} observing={status.observing} />
          ) : (
            <EmptyState icon={<Plug size={24} />} title="No client has an entry yet">
              <p>
                With an entry of its own a client is known for certain: its calls are marked verified, and you can cut
                it off alone.
              </p>
            </EmptyState>
          )}
        </Card>
      </Section>
      <GrantsOf />
      <HttpAddress status={status} />
      <Section title="How to connect a client">
        <Card className="p-4">
          <ClientSetup status={status} primary={clients.length === 0} />
        </Card>
      </Section>
    </div>
  )
}

function NoSuchClient() {
  const [, go] = useLocation()
  return (
    <EmptyState
      icon={<Plug size={24} />}
      title="There is no such client"
      action={<Button onClick={() => go(places.clients)}>All clients</Button>}
    >
      <p>The address may be mistyped. Entries that were revoked stay in the list.</p>
    </EmptyState>
  )
}

function sessions(count: number): string {
  if (count === 0) return 'No session is open right now.'
  return count === 1 ? 'One session is open right now.' : `${count} sessions are open right now.`
}

function HttpAddress({ status: { http, http_problem, http_public } }: { status: StatusView }) {
  return (
    <Section title="HTTP address">
      <Card className="px-4 py-3">
        {http === null ? (
          <p>
            Clients cannot connect over HTTP
            {http_problem === null ? '.' : ': '}
            {http_problem !== null && <Hint text={http_problem} />}
          </p>
        ) : (
          <p className="flex flex-wrap items-center gap-x-2">
            <code>{http}</code>
            <CopyButton text={http} label="Copy the address" />
            <span className="text-muted">Only from this machine, and only with the token of an entry.</span>
            <span className="text-muted">
              For all servers at once: <code>{serverAddress(http, allServers)}</code>
            </span>
          </p>
        )}
        {http_public !== null && (
          <p className="mt-2 flex flex-wrap items-center gap-x-2">
            <code>{http_public}</code>
            <CopyButton text={http_public} label="Copy the public address" />
            <span className="text-muted">
              Over the network, through your proxy, and only for apps that sign in and that you let in.
            </span>
          </p>
        )}
      </Card>
    </Section>
  )
}

function Loading() {
  return (
    <div className="flex flex-col gap-6 p-6" aria-busy="true">
      <Skeleton className="h-12 w-96" />
      <Skeleton className="h-40 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  )
}
