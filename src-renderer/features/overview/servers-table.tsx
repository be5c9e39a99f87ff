import { Link, useLocation } from 'wouter'
import type { StatusView } from '../../../shared/calls.ts'
import { places } from '../../places.ts'
import { serverState } from '../../say/server-state.ts'
import { Chip } from '../../ui/chip.tsx'
import { Table } from '../../ui/table.tsx'

type ServerLine = StatusView['servers'][number]

/** Every server with its state, its tools, and who uses it now. */
export function ServersTable({ servers }: { servers: readonly ServerLine[] }) {
  const [, go] = useLocation()
  return (
    <Table<ServerLine>
      label="Servers"
      rows={servers}
      keyOf={({ name }) => name}
      onOpen={({ name }) => go(places.server(name))}
      columns={[
        {
          head: 'Server',
          cell: ({ name }) => (
            <Link href={places.server(name)} className="font-strong hover:text-accent-text hover:underline">
              {name}
            </Link>
          ),
        },
        { head: 'State', width: '160px', cell: ({ state }) => <State state={state} /> },
        { head: 'Tools', width: '96px', end: true, cell: ({ tools }) => tools },
        { head: 'Sessions', width: '96px', end: true, cell: ({ sessions }) => sessions },
      ]}
    />
  )
}

function State({ state }: { state: string }) {
  const { tone, word, means } = serverState(state)
  return <Chip tone={tone} word={word} tip={means} />
}
