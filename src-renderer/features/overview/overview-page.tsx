import { Server } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import type { CallRow } from '../../../shared/activity.ts'
import type { ClientView, StatusView } from '../../../shared/calls.ts'
import { mostRecent, useRecentCalls } from '../../parts/use-recent-calls.ts'
import { places } from '../../places.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { BusiestClients, BusiestTools } from './busiest.tsx'
import { callFigures, noisiestRules } from './call-figures.ts'
import { Figures } from './figures.tsx'
import { FirstRun } from './first-run.tsx'
import { GuardStatus } from './guard-status.tsx'
import { needs } from './needs.ts'
import { NeedsList } from './needs-list.tsx'
import { NoisyRules } from './noisy-rules.tsx'
import { serverLines } from './server-line.ts'
import { ServersTable } from './servers-table.tsx'
import { useFirstSteps } from './use-first-steps.ts'

/** Is everything guarded, what needs you, and what happened today; before the first call, the way there. */
export function OverviewPage() {
  const {
    value: status,
    error,
    refresh,
  } = useCall('status', {}, ['status', 'approvals', 'servers', 'policy', 'clients', 'presence'])
  if (!status && error) {
    const retry = <Button onClick={refresh}>Try again</Button>
    return (
      <ErrorState title="The gateway does not say how it is" why={error.message} hint={error.hint} action={retry} />
    )
  }
  return (
    <div className="@container mx-auto max-w-[1200px] p-6">{status ? <Content status={status} /> : <Loading />}</div>
  )
}

function Content({ status }: { status: StatusView }) {
  const { rows, more } = useRecentCalls()
  const { value: servers } = useCall('servers.list', {}, ['servers'])
  const { value: clients } = useCall('clients.list', {}, ['clients'])
  const progress = useFirstSteps(status, rows)
  const starting = progress !== null && progress.next !== null
  const lines = serverLines(status, servers ?? [])
  const open = needs(status, lines).filter(({ step }) => !(starting && step))
  return (
    <div className="flex flex-col gap-6">
      <GuardStatus status={status} needs={open} idle={starting && rows?.length === 0} />
      {open.length > 0 && (
        <Section title="Needs you">
          <NeedsList needs={open} />
        </Section>
      )}
      {starting && rows && (
        <Section title="First steps" aside={<span className="text-muted">About two minutes</span>}>
          <FirstRun progress={progress} status={status} calls={rows} />
        </Section>
      )}
      {rows && rows.length > 0 && <Today rows={rows} more={more} />}
      <div className="grid grid-cols-1 items-start gap-6 @4xl:grid-cols-[3fr_2fr]">
        <Section title="Servers">
          <Card className="overflow-x-auto">{lines.length > 0 ? <ServersTable servers={lines} /> : <NoServers />}</Card>
        </Section>
        <Section title="Rules that interrupt most">
          <NoisyRules rules={noisiestRules(rows ?? [], 5)} />
        </Section>
      </div>
      {rows && rows.length > 0 && (
        <div className="grid grid-cols-1 items-start gap-6 @4xl:grid-cols-2">
          <Section title="Clients that call most" aside={<Entries clients={clients ?? []} />}>
            <BusiestClients rows={rows} entries={clients ?? []} />
          </Section>
          <Section title="Tools that are called most">
            <BusiestTools rows={rows} />
          </Section>
        </div>
      )}
    </div>
  )
}

/** How many clients may come in, and how many of them with a token. */
function Entries({ clients }: { clients: readonly ClientView[] }) {
  const open = clients.filter(({ revoked }) => !revoked)
  const tokens = open.filter(({ kind }) => kind !== 'stdio').length
  if (open.length === 0) return null
  return (
    <Link href={places.clients} className="text-muted hover:text-ink hover:underline">
      {open.length} {open.length === 1 ? 'client' : 'clients'}
      {tokens > 0 && `, ${tokens} with a token`}
    </Link>
  )
}

function Today({ rows, more }: { rows: readonly CallRow[]; more: boolean }) {
  const figures = callFigures(rows, Date.now())
  // Only when calls of today may be among those that were not read.
  const bound = more && figures.all.count === rows.length ? mostRecent : null
  return <Figures figures={figures} bound={bound} />
}

function NoServers() {
  const [, go] = useLocation()
  return (
    <EmptyState
      icon={<Server size={24} />}
      title="No server yet"
      action={<Button onClick={() => go(places.addServer)}>Add a server</Button>}
    >
      <p>Your AI clients reach tools through servers. Each is reviewed once, and every call to it is decided here.</p>
    </EmptyState>
  )
}

function Loading() {
  return (
    <div className="flex flex-col gap-6" aria-busy="true">
      <div className="flex h-12 items-center gap-4">
        <Skeleton className="size-12" />
        <Skeleton className="h-5 w-72" />
      </div>
      <Card className="flex h-[102px] items-center gap-4 px-4">
        <Skeleton className="h-5 w-24" />
      </Card>
      <Card className="flex flex-col gap-6 p-4">
        <Skeleton className="h-4 w-80" />
        <Skeleton className="h-4 w-64" />
        <Skeleton className="h-4 w-72" />
      </Card>
    </div>
  )
}
