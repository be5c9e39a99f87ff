import { Link, useLocation } from 'wouter'
import { places } from '../../places.ts'
import { runStates } from '../../say/run-state.ts'
import { serverState } from '../../say/server-state.ts'
import { Chip } from '../../ui/chip.tsx'
import { Table } from '../../ui/table.tsx'
import type { ServerLine } from './server-line.ts'

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
        { head: 'State', width: '160px', cell: (server) => <State server={server} /> },
        { head: 'Right now', width: '140px', cell: ({ runs }) => <Now state={runs} /> },
        { head: 'Tools', width: '96px', end: true, cell: ({ tools }) => tools },
        { head: 'Sessions', width: '96px', end: true, cell: ({ sessions }) => sessions },
      ]}
    />
  )
}

function Now({ state }: { state: ServerLine['runs'] }) {
  const { tone, word, means } = runStates[state]
  return <Chip tone={tone} word={word} tip={means} />
}

function State({ server }: { server: ServerLine }) {
  const { tone, word, means } = serverState(server)
  return <Chip tone={tone} word={word} tip={means} />
}
