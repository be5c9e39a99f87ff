import { ChevronRight, Server } from 'lucide-react'
import { serverState } from '../../say/server-state.ts'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { Column } from '../column.tsx'

/** All servers, those that need a review first. */
export function ServersPage({ go }: { go: (to: string) => void }) {
  const { value: servers, error, refresh } = useCall('servers.list', {}, ['servers'])
  if (!servers) {
    return (
      <Column title="Servers">
        {error ? (
          <ErrorState
            compact
            title="The servers cannot be told"
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
  if (servers.length === 0) {
    return (
      <EmptyState icon={<Server size={24} />} title="No server is registered">
        <p>Register one in the app under Servers, or in a terminal. It is reviewed here before anything runs.</p>
      </EmptyState>
    )
  }
  const needy = (state: string) => (state === 'approved' ? 1 : 0)
  return (
    <Column title="Servers" lead="What each runs, which of its tools are approved, and what changed since.">
      <ul className="divide-y divide-line rounded-md border border-line">
        {[...servers]
          .sort((a, b) => needy(a.state) - needy(b.state) || a.name.localeCompare(b.name))
          .map((server) => {
            const { name, state, tools } = server
            const { tone, word } = serverState(server)
            return (
              <li key={name}>
                <button
                  type="button"
                  onClick={() => go(`/servers/${encodeURIComponent(name)}`)}
                  className="flex w-full items-center gap-3 px-3 py-2.5 text-left hover:bg-hover"
                >
                  <span className="min-w-0 flex-1 font-strong">{name}</span>
                  <span className="text-muted">
                    {state === 'approved' && (tools.length === 1 ? '1 tool' : `${tools.length} tools`)}
                  </span>
                  <Chip tone={tone} word={word} />
                  <ChevronRight size={14} className="text-faint" aria-hidden="true" />
                </button>
              </li>
            )
          })}
      </ul>
    </Column>
  )
}
