import { reachWords } from '../../../shared/launch.ts'
import type { ServerView } from '../../../shared/server.ts'
import { ArgvView, LaunchWarnings } from '../../parts/argv-view.tsx'
import { dialectWords, trustWords } from '../../say/server-words.ts'
import { ConsistsOf } from '../../show/consists-of.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-text.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

/** Exactly what a server runs, and what was decided about it. */
export function ServerFacts({ server }: { server: ServerView }) {
  return (
    <div className="grid grid-cols-1 gap-6 @3xl:grid-cols-[3fr_2fr]">
      <Section title={server.launch.transport === 'http' ? 'Where it is reached' : 'What it runs'}>
        {server.launch.transport === 'http' ? (
          <Address launch={server.launch} />
        ) : (
          <Launch launch={server.launch} identity={server.identity} />
        )}
      </Section>
      <Section title="What was decided">
        <Card className="h-full p-4">
          <Facts facts={decided(server)} />
        </Card>
      </Section>
    </div>
  )
}

type LaunchOf<T> = Extract<ServerView['launch'], { transport: T }>

/** Where it is reached, and which headers go with every message. */
function Address({ launch }: { launch: LaunchOf<'http'> }) {
  return (
    <Card className="flex h-full flex-col gap-3 p-4">
      <div className="flex items-start justify-between gap-2">
        <code className="break-all">
          <VisibleText text={launch.url} />
        </code>
        <CopyButton text={launch.url} label="Copy the address" />
      </div>
      <Facts
        facts={[
          ['Reached on', reachWords[launch.reach]],
          ['Headers', <Names key="headers" names={launch.header_names} />],
        ]}
      />
      <LaunchWarnings launch={launch} />
    </Card>
  )
}

function Launch({ launch, identity }: { launch: LaunchOf<'stdio'>; identity: ServerView['identity'] }) {
  const words = [launch.command, ...launch.args]
  return (
    <Card className="flex h-full flex-col gap-3 p-4">
      <div className="flex items-start justify-between gap-2">
        <ArgvView words={words} label="Words that run" />
        <CopyButton text={words.join(' ')} label="Copy the command" />
      </div>
      <Facts
        facts={[
          [
            'In folder',
            <code key="folder">
              <VisibleText text={launch.cwd} />
            </code>,
          ],
          ['Variables', <Names key="variables" names={launch.env_names} />],
          ['Pinned', <Pinned key="pinned" identity={identity} />],
        ]}
      />
      <LaunchWarnings launch={launch} />
    </Card>
  )
}

/** The files and the package that were approved with it; another start of other ones is refused. */
function Pinned({ identity }: { identity: ServerView['identity'] }) {
  if (!identity) return <span className="text-muted">nothing before it is approved</span>
  return <ConsistsOf identity={identity} />
}

function Names({ names }: { names: readonly string[] }) {
  if (names.length === 0) return <span className="text-muted">none of its own</span>
  return (
    <>
      {names.map((name) => (
        <code key={name} className="mr-3">
          <VisibleText text={name} />
        </code>
      ))}
      <span className="text-muted">values are never shown</span>
    </>
  )
}

function decided(server: ServerView) {
  const { launch, trust_level, environment, risk_tags, changed, generation, added_at, approved_at } = server
  const trust = trustWords[trust_level]
  return [
    [
      'Trust level',
      <span key="trust">
        {trust.word} <span className="block text-muted">{trust.means}</span>
      </span>,
    ],
    ['Environment', <VisibleText key="environment" text={environment} />],
    [
      'Risk tags',
      risk_tags.length === 0 ? <Nothing key="tags" /> : <VisibleText key="tags" text={risk_tags.join(', ')} />,
    ],
    ['Purpose', <Said key="purpose" words={server.purpose} />],
    ['Owner', <Said key="owner" words={server.owner} />],
    ['SQL', server.sql_dialect === null ? <Nothing key="sql" /> : dialectWords[server.sql_dialect]],
    ['Added', <Time key="added" at={added_at} />],
    [
      'Approved',
      approved_at === null ? (
        <span key="approved" className="text-muted">
          not yet
        </span>
      ) : (
        <span key="approved">
          <Time at={approved_at} />
          {changed.includes('launch') && (
            <span className="text-asked-text">
              , with another {launch.transport === 'http' ? 'address' : 'command'}
            </span>
          )}
        </span>
      ),
    ],
    ['Protocol', generation === null ? <Nothing key="protocol" /> : generation],
  ] as const
}

function Said({ words }: { words: string }) {
  return words === '' ? <Nothing /> : <VisibleText text={words} />
}

function Nothing() {
  return <span className="text-muted">–</span>
}
