import { Play } from 'lucide-react'
import { useState } from 'react'
import type { StatusView } from '../../../shared/calls.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/states.tsx'
import { Column } from '../column.tsx'
import { FailureNote } from '../failure-note.tsx'
import { useDeed } from '../use-deed.ts'

/** Letting calls run again after a stop. */
export function ResumePage({ status, go }: { status: StatusView | undefined; go: (to: string) => void }) {
  const { run, busy, failure } = useDeed('resume')
  const [resumed, setResumed] = useState(false)
  if (!status) {
    return (
      <Column title="Resume">
        <Skeleton className="h-24 w-full" />
      </Column>
    )
  }
  if (!status.stopped) {
    return (
      <Column
        title={resumed ? 'Calls run again' : 'Nothing is stopped'}
        lead="The policy in force decides every call. To halt them all at once, use “Stop” in the app."
      >
        <div>
          <Button onClick={() => go('/')}>See what waits</Button>
        </div>
      </Column>
    )
  }
  const servers = status.servers.length
  return (
    <Column
      title="Toolgate is stopped"
      lead="Every call is refused, for every client, and what waited was cancelled. It stays so across restarts."
    >
      <ul className="list-disc pl-4">
        <li>{servers === 1 ? 'One server' : `${servers} servers`} cannot be called.</li>
        <li>
          {status.sessions === 1 ? 'One client session is' : `${status.sessions} client sessions are`} connected; each
          call is answered with a refusal.
        </li>
      </ul>
      <p className="text-muted">
        You are asked because stopping is for anyone, and going on is not: whatever the reason was, it should be over.
        After that the policy decides again, call by call; nothing that was refused is made up for.
      </p>
      <FailureNote title="Not resumed" failure={failure} />
      <div>
        <Button
          look="primary"
          size="large"
          loading={busy}
          icon={<Play size={14} aria-hidden="true" />}
          onClick={() => void run({}).then((done) => done && setResumed(true))}
        >
          Let calls run again
        </Button>
      </div>
    </Column>
  )
}
