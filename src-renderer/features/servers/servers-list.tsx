import { Link, useLocation } from 'wouter'
import { launchWord } from '../../../shared/launch.ts'
import type { ServerView } from '../../../shared/server.ts'
import type { RunState } from '../../../shared/server-run.ts'
import { places } from '../../places.ts'
import { runStates } from '../../say/run-state.ts'
import { serverState } from '../../say/server-state.ts'
import { trustWords } from '../../say/server-words.ts'
import { signInState } from '../../say/sign-in-state.ts'
import { Chip } from '../../ui/chip.tsx'
import { Table } from '../../ui/table.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useCall } from '../../use-call.ts'

/** Every server in a line: how it stands, how far it is trusted, and what it runs. */
export function ServersList({ servers }: { servers: readonly ServerView[] }) {
  const [, go] = useLocation()
  const { value: status } = useCall('status', {}, ['status', 'servers'])
  const now = new Map(status?.servers.map((server) => [server.name, server]))
  return (
    <Table<ServerView>
      label="Servers"
      rows={servers}
      keyOf={({ name }) => name}
      onOpen={({ name }) => go(places.server(name))}
      columns={[
        {
          head: 'Server',
          width: '160px',
          cell: ({ name }) => (
            <Link href={places.server(name)} className="font-strong hover:text-accent-text hover:underline">
              {name}
            </Link>
          ),
        },
        { head: 'State', width: '148px', cell: (server) => <State server={server} /> },
        { head: 'Trust', width: '96px', spare: 'third', cell: ({ trust_level }) => trustWords[trust_level].word },
        { head: 'Environment', width: '112px', spare: 'second', cell: ({ environment }) => environment },
        { head: 'Tools', width: '64px', end: true, cell: ({ tools }) => tools.length },
        {
          head: 'Sessions',
          width: '80px',
          spare: 'second',
          end: true,
          cell: ({ name }) => now.get(name)?.sessions ?? '–',
        },
        { head: 'Right now', width: '128px', cell: ({ name }) => <Now state={now.get(name)?.runs} /> },
        {
          head: 'Runs',
          spare: 'third',
          cell: ({ launch }) => (
            <Runs
              words={launch.transport === 'http' ? [launch.url] : [launch.command, ...launch.args]}
              address={launch.transport === 'http'}
            />
          ),
        },
      ]}
    />
  )
}

function Now({ state }: { state: RunState | undefined }) {
  if (state === undefined) return '–'
  const { tone, word, means } = runStates[state]
  return <Chip tone={tone} word={word} tip={means} />
}

function State({ server }: { server: ServerView }) {
  const { state, sign_in } = server
  // What is approved and cannot be used without its person is the more urgent of the two.
  const unsigned = state === 'approved' && sign_in?.wanted ? sign_in : null
  const { tone, word, means } = unsigned ? signInState(unsigned) : serverState(server)
  return <Chip tone={tone} word={word} tip={means} />
}

/** The command by its last part and its arguments, on one line; the whole of it on hover and on the server's own page. */
function Runs({ words, address }: { words: readonly string[]; address: boolean }) {
  const [command = '', ...args] = words
  const short = [address ? command : (command.split(/[\\/]/).at(-1) ?? command), ...args].map(launchWord).join(' ')
  return (
    <Tooltip text={<code className="break-all">{words.map(launchWord).join(' ')}</code>}>
      <code className="line-clamp-1 max-w-80 break-all text-muted">{short}</code>
    </Tooltip>
  )
}
