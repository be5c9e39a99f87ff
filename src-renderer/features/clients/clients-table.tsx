import { clsx } from 'clsx'
import { AppWindow, Cable, Globe, Network } from 'lucide-react'
import { Link } from 'wouter'
import type { ClientView } from '../../../shared/calls.ts'
import type { ObserveView } from '../../../shared/observe.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { StopCalls } from '../../parts/stop-calls.tsx'
import { places } from '../../places.ts'
import { Chip } from '../../ui/chip.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

const kinds = {
  stdio: { Icon: Cable, word: 'Local', means: 'comes through a program that Toolgate gave it, over a private socket' },
  http: { Icon: Globe, word: 'HTTP', means: 'comes over HTTP from this machine, with a bearer token' },
  oauth: {
    Icon: AppWindow,
    word: 'App',
    means: 'connected by itself, and a person let it in; it may use what policy binds to it',
  },
} as const

const fromAfar = (origin: string) => ({
  ...{ Icon: Network, word: 'Network' },
  means: `connected by itself over the network, at ${origin}, and a person let it in; it may use what policy binds to it`,
})

/** Every client entry: how it comes in, how it proves who it is, and when it was last here. */
export function ClientsTable({
  clients,
  observing,
}: {
  clients: readonly ClientView[]
  observing: readonly ObserveView[]
}) {
  return (
    <Table<ClientView>
      label="Clients"
      rows={clients}
      keyOf={({ id }) => id}
      columns={[
        {
          head: 'Client',
          cell: ({ id, name, revoked }) => (
            <span className="inline-flex flex-wrap items-center gap-2">
              <Link
                href={places.client(id)}
                className={clsx('hover:underline', revoked ? 'text-muted line-through' : 'font-strong')}
              >
                <VisibleText text={name} />
              </Link>
              {observing.some((view) => view.scope === 'client' && view.name === id) && (
                <Chip tone="observed" tip="observe mode is on for its calls" />
              )}
            </span>
          ),
        },
        { head: 'Comes in by', width: '112px', spare: 'third', cell: (client) => <Kind client={client} /> },
        { head: 'Identity', width: '148px', cell: (client) => <Identity client={client} /> },
        {
          head: 'Last seen',
          width: '120px',
          spare: 'third',
          cell: ({ last_seen }) =>
            last_seen === null ? <span className="text-muted">not yet</span> : <Time at={last_seen} />,
        },
        { head: 'Made', width: '120px', spare: 'first', cell: ({ created_at }) => <Time at={created_at} /> },
        { head: 'Entry', width: '152px', spare: 'second', cell: ({ id }) => <CopyText text={id} /> },
        {
          head: 'Stop',
          width: '136px',
          end: true,
          cell: ({ id, name, revoked }) => !revoked && <StopCalls scope="client" name={id} title={name} />,
        },
        { head: 'Cut off', width: '112px', end: true, cell: (client) => <Revoke client={client} /> },
      ]}
    />
  )
}

function Kind({ client: { kind, public_origin } }: { client: ClientView }) {
  const { Icon, word, means } = public_origin === null ? kinds[kind] : fromAfar(public_origin)
  return (
    <Tooltip text={means}>
      <span className="inline-flex items-center gap-1.5">
        <Icon size={14} className="text-muted" aria-hidden="true" />
        {word}
      </span>
    </Tooltip>
  )
}

/** How it proves who it is. */
export function Identity({ client }: { client: ClientView }) {
  const { revoked, kind } = client
  if (revoked) return <Chip tone="denied" word="Revoked" tip="it is refused, whatever it asks" />
  const bounds = boundsOf(client)
  const proof = kind === 'stdio' ? 'it proves a secret each time it connects' : 'it carries its token with each request'
  return <Chip tone="allowed" word={bounds === '' ? 'Verified' : 'Verified, bounded'} tip={`${proof}${bounds}`} />
}

/** What its token bounds it to, as the end of a sentence. */
export function boundsOf({ scopes, tenant }: ClientView): string {
  const held = scopes === null ? '' : `; it holds ${scopes.length === 0 ? 'no scope' : scopes.join(', ')}`
  return tenant === null ? held : `${held}; it works for ${tenant}`
}

function Revoke({ client: { id, revoked } }: { client: ClientView }) {
  if (revoked) return <span className="text-muted">done</span>
  return (
    <OpenApprovalsButton at={`/clients/${id}`} size="small">
      Revoke
    </OpenApprovalsButton>
  )
}
