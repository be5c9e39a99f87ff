import { clsx } from 'clsx'
import type { StatusView } from '../../shared/calls.ts'
import { asSentence } from '../say/as-sentence.ts'
import { Hint } from '../ui/hint.tsx'
import { Time } from '../ui/time.tsx'
import { tones } from '../ui/tone.tsx'

type Stream = StatusView['audit']['streams'][number]

/** To where the record is sent as it is made, how far that is, and what keeps it. */
export function RecordStreams({ audit: { streams, entries } }: { audit: StatusView['audit'] }) {
  if (streams.length === 0) return null
  return (
    <section aria-label="Streams" className="mt-3 flex flex-col gap-2 border-line border-t pt-3">
      <h3 className="text-muted text-small">Sent elsewhere as it is made</h3>
      <ul className="flex flex-col gap-2">
        {streams.map((stream) => (
          <StreamItem key={stream.name} stream={stream} entries={entries} />
        ))}
      </ul>
    </section>
  )
}

function StreamItem({ stream, entries }: { stream: Stream; entries: number }) {
  const { name, url, sent, first, last_success, problem } = stream
  const { Icon, icon } = tones[problem === null ? 'allowed' : problem.urgent ? 'denied' : 'asked']
  return (
    <li className="flex gap-2">
      <Icon size={14} className={clsx('mt-0.5 shrink-0', icon)} />
      <div className="min-w-0">
        <p className="break-words">
          <span className="font-strong">{name}</span>{' '}
          {sent < first ? 'has nothing yet' : `has it up to ${numbered(sent)} of ${numbered(entries)}`}
          {last_success !== null && (
            <>
              , <Time at={last_success} />
            </>
          )}
        </p>
        <p className="break-all text-muted text-small">{url}</p>
        {problem && <StreamProblem problem={problem} />}
      </div>
    </li>
  )
}

function StreamProblem({ problem: { text, hint, since } }: { problem: NonNullable<Stream['problem']> }) {
  return (
    <>
      <p className="mt-1 break-words">
        First failed <Time at={since} />: {text}.
      </p>
      <p className="break-words text-muted">
        <Hint text={asSentence(hint)} />
      </p>
    </>
  )
}

function numbered(number: number): string {
  return number.toLocaleString('en')
}
