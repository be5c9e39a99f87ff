import { Play } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ServerReview, ServerView } from '../../../shared/server.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'
import { ReviewForm } from './review-form.tsx'

type ReviewServerProps = { server: ServerView; go: (to: string) => void }

/** Running a server once to see its tools, then approving them; and what comes after. */
export function ReviewServer({ server, go }: ReviewServerProps) {
  const { run, busy, failure } = useDeed('servers.review')
  const [review, setReview] = useState<ServerReview | null>(null)
  const [approved, setApproved] = useState<ServerView | null>(null)
  const look = () => {
    setReview(null)
    setApproved(null)
    void run({ name: server.name, launch: server.launch }).then(setReview)
  }
  if (approved) return <Approved server={approved} go={go} />
  if (review) return <ReviewForm key={review.review_hash} review={review} onApproved={setApproved} onAgain={look} />
  const first = server.state !== 'approved'
  const remote = server.launch.transport === 'http'
  return (
    <div className="flex flex-col gap-3">
      <FailureNote
        title={`${server.name} did not show its tools`}
        quoted={`the start of ${server.name}`}
        failure={failure}
      />
      <div className="flex items-center gap-3">
        <Button
          look={first ? 'primary' : 'secondary'}
          size="large"
          loading={busy}
          icon={<Play size={14} aria-hidden="true" />}
          onClick={look}
        >
          {buttonText(remote, failure !== null)}
        </Button>
        {busy ? (
          <Elapsed remote={remote} />
        ) : (
          <span className="text-muted">
            {remote ? 'It is left again right after.' : 'It is ended again right after.'}
          </span>
        )}
      </div>
    </div>
  )
}

function buttonText(remote: boolean, again: boolean): string {
  if (again) return remote ? 'Ask it again' : 'Run it again'
  return remote ? 'Ask it once for its tools' : 'Run it once to see its tools'
}

/** Seconds since it appeared: starting a server can take a while, and a person should see that it goes on. */
function Elapsed({ remote }: { remote: boolean }) {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <span role="status" className="text-muted">
      <span className="sr-only">{remote ? 'Connecting to the server' : 'Starting the server'}</span>
      <span aria-hidden="true">
        {remote ? `Connecting … ${seconds} s.` : `Starting … ${seconds} s. The first time it may fetch packages.`}
      </span>
    </span>
  )
}

function Approved({ server: { name, tools }, go }: { server: ServerView; go: (to: string) => void }) {
  return (
    <div className="flex flex-col gap-3">
      <Notice tone="allowed">
        <p role="status">
          <b>
            {name} is approved: {tools.length === 1 ? 'one tool' : `${tools.length} tools`}.
          </b>{' '}
          The policy decides each call. If the server changes a tool, that tool is held until you have seen the
          difference.
        </p>
      </Notice>
      <div className="flex gap-2">
        <Button look="primary" onClick={() => go('/clients/new')}>
          Connect a client
        </Button>
        <Button onClick={() => go('/')}>See what waits</Button>
      </div>
    </div>
  )
}
