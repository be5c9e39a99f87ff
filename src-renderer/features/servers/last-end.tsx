import type { ServerRun } from '../../../shared/server-run.ts'
import { Quote } from '../../ui/quote.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

/** How a server ended or was lost the last time, in its own words too, and what follows from it. */
export function LastEnd({ run: { state, ends, last_end, next_try } }: { run: ServerRun }) {
  if (last_end === null) return null
  return (
    <div className="flex flex-col gap-2">
      {state === 'crashing' && (
        <p className="text-denied-text">
          It ended {ends} times, so nothing that needs it is started
          {next_try === null ? '' : ` before ${new Date(next_try).toLocaleTimeString()}`}. Mend it, then restart it.
        </p>
      )}
      <p className="text-muted">
        The last time <Time at={last_end.at} />: <VisibleText text={last_end.how} />
      </p>
      {last_end.said.length > 0 && <Quote from="the server" text={last_end.said.join('\n')} />}
    </div>
  )
}
