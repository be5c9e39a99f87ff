import { ChevronRight, Plug, Plus } from 'lucide-react'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ClientMark } from '../../ui/client-mark.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { Column } from '../column.tsx'

/** Client entries: who may come in under which name. */
export function ClientsPage({ go }: { go: (to: string) => void }) {
  const { value: clients, error, refresh } = useCall('clients.list', {}, ['clients'])
  const add = (
    <Button look="primary" icon={<Plus size={14} aria-hidden="true" />} onClick={() => go('/clients/new')}>
      Connect a client
    </Button>
  )
  if (!clients) {
    return (
      <Column title="Clients">
        {error ? (
          <ErrorState
            compact
            title="The clients cannot be told"
            why={error.message}
            hint={error.hint}
            action={<Button onClick={refresh}>Try again</Button>}
          />
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
      </Column>
    )
  }
  const known = clients.filter(({ revoked }) => !revoked)
  if (known.length === 0) {
    return (
      <EmptyState icon={<Plug size={24} />} title="No client has an entry" action={add}>
        <p>An entry lets a client prove its name, so that policy and the record can rely on it.</p>
      </EmptyState>
    )
  }
  return (
    <Column title="Clients" lead="Each entry lets one client prove its name. Revoke an entry to cut its client off.">
      <ul className="divide-y divide-line rounded-md border border-line">
        {known.map(({ id, name, kind, last_seen, public_origin }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => go(`/clients/${encodeURIComponent(id)}`)}
              className="flex w-full items-center gap-3 px-3 py-2 text-left hover:bg-hover"
            >
              <ClientMark name={name} claimed={false} />
              <span className="min-w-0 flex-1 font-strong">
                <VisibleText text={name} />
              </span>
              <Badge>
                {kind === 'http'
                  ? 'HTTP'
                  : kind === 'oauth'
                    ? public_origin === null
                      ? 'app'
                      : 'network app'
                    : 'stdio'}
              </Badge>
              <span className="text-muted">{last_seen === null ? 'never seen' : <Time at={last_seen} />}</span>
              <ChevronRight size={14} className="text-faint" aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {add}
        <Button onClick={() => go('/clients/connect')}>Connect those on this machine</Button>
      </div>
    </Column>
  )
}
