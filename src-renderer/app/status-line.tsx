import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import type { StatusView } from '../../shared/calls.ts'
import type { Connection } from '../call.ts'
import { VerifyRecord } from '../parts/verify-record.tsx'
import { CopyText } from '../ui/copy-text.tsx'
import { Facts } from '../ui/facts.tsx'
import { Popover } from '../ui/popover.tsx'
import { Time } from '../ui/time.tsx'
import { type Tone, tones } from '../ui/tone.tsx'
import { RecordStreams } from './record-streams.tsx'

/** Is everything guarded: one line that is always there. Each part opens its facts. */
export function StatusLine({ status, connection }: { status: StatusView | undefined; connection: Connection }) {
  return (
    <footer className="col-span-2 flex h-7 items-center gap-1 border-line border-t bg-canvas px-2 text-muted text-small">
      {status ? (
        <>
          <GatewayPart status={status} connected={connection.state === 'open'} />
          <PolicyPart policy={status.policy} />
          <RecordPart audit={status.audit} />
          <ClientsPart status={status} />
        </>
      ) : (
        <span className="px-2">{connection.state === 'lost' ? 'Not connected' : 'Connecting …'}</span>
      )}
    </footer>
  )
}

type PartProps = { tone: Tone; words: string; title: string; children: ReactNode }

function Part({ tone, words, title, children }: PartProps) {
  const button = (
    <button
      type="button"
      className="flex h-6 items-center gap-1.5 rounded-sm px-2 transition-colors hover:bg-hover hover:text-ink"
    >
      <span aria-hidden="true" className={clsx('size-1.5 rounded-full', tones[tone].bar)} />
      {words}
    </button>
  )
  return (
    <Popover title={title} side="top" button={button}>
      {children}
    </Popover>
  )
}

function GatewayPart({ status, connected }: { status: StatusView; connected: boolean }) {
  const { stopped, http, http_problem, http_public } = status
  const words = !connected ? 'Not connected' : stopped ? 'Stopped' : 'Gateway running'
  return (
    <Part tone={!connected ? 'asked' : stopped ? 'denied' : 'allowed'} words={words} title="Gateway">
      <Facts
        facts={[
          ['Version', status.version],
          ['Process', status.pid],
          ['Started', <Time key="started" at={status.started_at} />],
          ['HTTP', http === null ? (http_problem ?? 'closed') : <CopyText key="http" text={http} keep={20} />],
          ...(http_public === null
            ? []
            : [['Public', <CopyText key="public" text={http_public} keep={20} />] as const]),
          ['Profile', <CopyText key="profile" text={status.profile} keep={16} />],
          ['Socket', <CopyText key="socket" text={status.socket} keep={16} />],
        ]}
      />
    </Part>
  )
}

function PolicyPart({ policy }: { policy: StatusView['policy'] }) {
  const { snapshot, rules, problems, waiting } = policy
  const words = snapshot === null ? 'No policy' : `Policy ${snapshot.slice(0, 7)}`
  return (
    <Part
      tone={snapshot === null ? 'denied' : problems > 0 || waiting ? 'asked' : 'allowed'}
      words={words}
      title="Policy in force"
    >
      <Facts
        facts={[
          ['Snapshot', snapshot === null ? 'none: nothing is allowed' : <CopyText key="snapshot" text={snapshot} />],
          ['Rules', rules],
          ['Problems', problems === 0 ? 'none' : problems],
          ['Waiting', waiting ? 'a looser change, for a person' : 'nothing'],
        ]}
      />
    </Part>
  )
}

function RecordPart({ audit }: { audit: StatusView['audit'] }) {
  const { entries, writable, gap, streams } = audit
  const counted = `Record ${entries.toLocaleString('en')}`
  const unsent = streams.some(({ problem }) => problem?.urgent)
  const words = !writable ? 'Record not writable' : gap ? 'Record has a gap' : unsent ? `${counted}, not sent` : counted
  const tone = !writable || gap ? 'denied' : unsent ? 'asked' : 'allowed'
  return (
    <Part tone={tone} words={words} title="Audit record">
      <Facts
        facts={[
          ['Entries', entries.toLocaleString('en')],
          ['Writable', writable ? 'yes' : 'no, so every call is refused'],
          ['Gap', gap ? 'yes: damage was found at a start' : 'none known'],
        ]}
      />
      <VerifyRecord />
      <RecordStreams audit={audit} />
    </Part>
  )
}

function ClientsPart({ status }: { status: StatusView }) {
  const words = `${status.sessions} ${status.sessions === 1 ? 'session' : 'sessions'}`
  return (
    <Part tone={status.sessions > 0 ? 'allowed' : 'observed'} words={words} title="Clients">
      <p className="text-muted">
        {status.sessions === 0
          ? 'No client is connected right now. Toolgate starts with the first one.'
          : 'Sessions of clients that are open right now, each with server processes of its own.'}
      </p>
    </Part>
  )
}
