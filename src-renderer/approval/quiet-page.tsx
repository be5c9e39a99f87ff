import { Moon } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { QuietView } from '../../shared/fatigue.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { Skeleton } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { useCall } from '../use-call.ts'
import { Column } from './column.tsx'
import { FailureNote } from './failure-note.tsx'
import { Notice } from './notice.tsx'
import { useDeed } from './use-deed.ts'

const days = [
  ['mon-sun', 'every day'],
  ['mon-fri', 'Monday to Friday'],
  ['sat-sun', 'Saturday and Sunday'],
] as const

/** Quiet hours: setting them, ending them, and letting calls ask in them for a while, which loosens. */
export function QuietPage() {
  const { value: quiet, refresh } = useCall('quiet.show', {}, ['status'])
  return (
    <Column
      title="Quiet hours"
      lead="In quiet hours nobody is asked: calls that would ask are denied at once. What policy allows goes on, and so does what you allowed before."
    >
      {!quiet ? (
        <Skeleton className="h-24 w-full" />
      ) : (
        <>
          <Now quiet={quiet} onChange={refresh} />
          <QuietForm key={quiet.hours} hours={quiet.hours} onChange={refresh} />
        </>
      )}
    </Column>
  )
}

function Now({ quiet: { hours, quiet, until, off_until }, onChange }: { quiet: QuietView; onChange: () => void }) {
  const { run, busy, failure } = useDeed('quiet.off')
  if (hours === null) return <Notice tone="changed">No quiet hours are set: you can be asked at any time.</Notice>
  const off = (length: number) => void run({ hours: length }).then((now) => now && onChange())
  return (
    <>
      <Notice
        tone="changed"
        action={
          off_until === null ? (
            quiet && (
              <Button loading={busy} onClick={() => off(2)}>
                Ask me for 2 hours
              </Button>
            )
          ) : (
            <Button loading={busy} onClick={() => off(0)}>
              Back to quiet
            </Button>
          )
        }
      >
        <p role="status">
          Set: <b>{hours}</b>.{' '}
          {off_until !== null ? (
            <>
              Switched off until <Time at={off_until} />.
            </>
          ) : quiet ? (
            <>It is quiet now{until !== null && <>, until {clockTime(until)}</>}.</>
          ) : (
            'It is not quiet now.'
          )}
        </p>
      </Notice>
      <FailureNote title="Not changed" failure={failure} />
    </>
  )
}

function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}

function QuietForm({ hours, onChange }: { hours: string | null; onChange: () => void }) {
  const { run, busy, failure } = useDeed('quiet.set')
  const [saved, setSaved] = useState<string | null>(null)
  const [first = 'mon-sun', times = '22:00-07:00'] = (hours ?? '').split(' ').filter((part) => part !== '')
  const [span, setSpan] = useState(first)
  const [from, setFrom] = useState(times.slice(0, 5))
  const [to, setTo] = useState(times.slice(6))
  const choices = days.some(([value]) => value === first) ? days : [...days, [first, first] as const]
  const set = (next: string | null) =>
    void run({ hours: next }).then((done) => {
      if (!done) return
      setSaved(next === null ? 'There are no quiet hours any more' : 'Saved')
      onChange()
    })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    set(`${span} ${from}-${to}`)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Days">
        <Select value={span} onChange={(event) => setSpan(event.target.value)}>
          {choices.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="From">
          <Input type="time" required value={from} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Field label="Until" hint="The next day, where it is earlier.">
          <Input type="time" required value={to} onChange={(event) => setTo(event.target.value)} />
        </Field>
      </div>
      <FailureNote title="Not saved" failure={failure} />
      {saved !== null && (
        <Notice tone="allowed">
          <p role="status">{saved}; it holds within a few seconds.</p>
        </Notice>
      )}
      <div className="flex gap-2">
        <Button type="submit" look="primary" size="large" loading={busy} icon={<Moon size={14} aria-hidden="true" />}>
          Set quiet hours
        </Button>
        {hours !== null && (
          <Button size="large" disabled={busy} onClick={() => set(null)}>
            No quiet hours
          </Button>
        )}
      </div>
    </form>
  )
}
