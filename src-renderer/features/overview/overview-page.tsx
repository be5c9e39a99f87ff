import { Server } from 'lucide-react'
import type { StatusView } from '../../../shared/calls.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-text.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { Figures } from './figures.tsx'
import { GuardStatus } from './guard-status.tsx'
import { needs } from './needs.ts'
import { NeedsList } from './needs-list.tsx'
import { ServersTable } from './servers-table.tsx'

/** Is everything guarded, what needs you, and which servers there are. */
export function OverviewPage() {
  const {
    value: status,
    error,
    refresh,
  } = useCall('status', {}, ['status', 'approvals', 'servers', 'policy', 'clients'])
  if (!status && error) {
    const retry = <Button onClick={refresh}>Try again</Button>
    return (
      <ErrorState title="The gateway does not say how it is" why={error.message} hint={error.hint} action={retry} />
    )
  }
  return <div className="mx-auto max-w-[1200px] p-6">{status ? <Content status={status} /> : <Loading />}</div>
}

function Content({ status }: { status: StatusView }) {
  const open = needs(status)
  return (
    <div className="flex flex-col gap-6">
      <GuardStatus status={status} needs={open} />
      <Figures status={status} />
      {open.length > 0 && (
        <Section title="Needs you">
          <NeedsList needs={open} />
        </Section>
      )}
      <Section title="Servers">
        <Card>{status.servers.length > 0 ? <ServersTable servers={status.servers} /> : <NoServers />}</Card>
      </Section>
    </div>
  )
}

const firstServer = 'toolgate servers add files -- npx -y @modelcontextprotocol/server-filesystem ~/projects'

function NoServers() {
  return (
    <EmptyState icon={<Server size={24} />} title="Put a server behind Toolgate">
      <p>
        Your AI clients reach tools through servers. Register one, review its tools once, and every call is decided
        here.
      </p>
      <div className="mt-4 flex items-center gap-2 rounded-md border border-line bg-sunken py-1 pr-1 pl-3 text-left">
        <code className="flex-1 text-ink">{firstServer}</code>
        <CopyButton text={firstServer} />
      </div>
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
