import { Play } from 'lucide-react'
import type { HaltView } from '../../../shared/stop.ts'
import { haltedCalls, haltTitle, stoppedByWords, targetOf } from '../../say/halt.ts'
import { Button } from '../../ui/button.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'

type HaltCardProps = { halt: HaltView; first: boolean; onResumed: () => void }

/** One halt: what it is about, since when, by whom and why, and the end of it. */
export function HaltCard({ halt, first, onResumed }: HaltCardProps) {
  const { run, busy, failure } = useDeed('resume')
  const calls = halt.scope === 'all' ? 'calls' : haltedCalls(halt)
  return (
    <>
      <Notice
        tone="denied"
        action={
          <Button
            look={first ? 'primary' : 'secondary'}
            loading={busy}
            icon={<Play size={14} aria-hidden="true" />}
            onClick={() => void run(targetOf(halt)).then((done) => done && onResumed())}
          >
            Let {calls} run again
          </Button>
        }
      >
        <p>
          <b>{haltTitle(halt)}</b>, stopped {stoppedByWords(halt)}
          {halt.since !== null && (
            <>
              {' '}
              <Time at={halt.since} />
            </>
          )}
        </p>
        {halt.reason !== '' && (
          <p className="text-muted">
            “<VisibleText text={halt.reason} />”
          </p>
        )}
      </Notice>
      <FailureNote title="Not resumed" failure={failure} />
    </>
  )
}
