import { useState } from 'react'
import type { ServerView } from '../../../shared/server.ts'
import { serverState } from '../../say/server-state.ts'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { Column } from '../column.tsx'
import { LaunchCard } from './launch-card.tsx'
import { RemoveServer } from './remove-server.tsx'
import { ReviewServer } from './review-server.tsx'
import { SignIn } from './sign-in.tsx'

/** One server: what it runs, its review, and how it is forgotten. */
export function ServerPage({ name, go }: { name: string; go: (to: string) => void }) {
  const { value: servers, error, refresh } = useCall('servers.list', {}, ['servers'])
  const [removed, setRemoved] = useState(false)
  const server = servers?.find((it) => it.name === name)
  if (removed) return <Gone title={`${name} is removed`} why="It and its reviewed tools are forgotten." go={go} />
  if (server) return <Known server={server} go={go} onRemoved={() => setRemoved(true)} />
  if (servers) {
    return (
      <Gone title={`There is no server ${name}`} why="It was removed, or never registered under this name." go={go} />
    )
  }
  return (
    <Column title={name}>
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

type KnownProps = { server: ServerView; go: (to: string) => void; onRemoved: () => void }

function lead({ state, changed }: ServerView): string {
  if (state === 'registered')
    return 'Nobody has reviewed it, so none of its tools can be called. Look at what it is first.'
  if (changed.includes('launch'))
    return 'What it would run is not what was approved, so its calls are refused until you approve it again.'
  if (changed.includes('instructions'))
    return 'What it tells models is not what was approved, so that is withheld until you approve it again.'
  if (changed.includes('tools'))
    return 'Some tools are not what was approved: they are refused until you approve it again.'
  return 'Its reviewed tools can be called. Review it again to see what it offers now.'
}

function Known({ server, go, onRemoved }: KnownProps) {
  const { tone, word, means } = serverState(server)
  const held = server.held_tools.length
  return (
    <Column
      wide
      title={`Server ${server.name}`}
      lead={
        <>
          <Chip tone={tone} word={word} tip={means} /> <span className="ml-1">{lead(server)}</span>
          {held > 0 && (
            <span className="mt-1 block text-asked-text">
              {held === 1 ? 'The definition of one tool' : `The definitions of ${held} tools`} changed since the review:{' '}
              <VisibleText text={server.held_tools.join(', ')} />
            </span>
          )}
        </>
      }
    >
      <LaunchCard server={server} />
      {server.sign_in && <SignIn name={server.name} view={server.sign_in} />}
      <ReviewServer server={server} go={go} />
      <RemoveServer name={server.name} onRemoved={onRemoved} />
    </Column>
  )
}

function Gone({ title, why, go }: { title: string; why: string; go: (to: string) => void }) {
  return (
    <Column title={title} lead={why}>
      <div>
        <Button onClick={() => go('/servers')}>See all servers</Button>
      </div>
    </Column>
  )
}
