import { clsx } from 'clsx'
import { Check, Circle, CircleDot } from 'lucide-react'
import { type ReviewStep, reviewSteps } from '../../../shared/approval-state.ts'
import type { ServerView } from '../../../shared/server.ts'
import type { ToolProgress } from '../../../shared/tool-approval.ts'
import { Hint } from '../../ui/hint.tsx'
import { Time } from '../../ui/time.tsx'
import { useCall } from '../../use-call.ts'

const words: Record<ReviewStep, string> = {
  registration: 'Registered',
  security_review: 'Security review',
  classification: 'Classified',
  policy_binding: 'Bound to policy',
  periodic_review: 'Reviewed again in time',
}

/** The steps of a tool from its registration to its next review: what is done, and what it waits for. */
export function ToolWorkflow({ server, tool }: { server: ServerView; tool: string }) {
  const { value } = useCall('tools.progress', { server: server.name }, ['servers', 'policy'])
  const progress = value?.find((it) => it.tool === tool)
  if (!progress) return null
  const at = progress.step === null ? reviewSteps.length : reviewSteps.indexOf(progress.step)
  return (
    <section aria-label="Approval" className="flex flex-col gap-2">
      <h3>Approval</h3>
      <ol className="flex flex-col gap-1">
        {reviewSteps.map((step, index) => (
          <li key={step} className={clsx('flex items-start gap-2', index > at && 'text-muted')}>
            <Mark done={index < at} now={index === at} />
            <span>
              {words[step]}
              <span className="sr-only">{index < at ? ' (done)' : index === at ? ' (next)' : ' (to come)'}</span>
              {index === at && (
                <span className="block text-asked-text">
                  <Hint text={progress.why} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
      <Approved progress={progress} />
    </section>
  )
}

function Mark({ done, now }: { done: boolean; now: boolean }) {
  const Icon = done ? Check : now ? CircleDot : Circle
  return (
    <Icon
      size={14}
      aria-hidden="true"
      className={clsx('mt-1 shrink-0', done ? 'text-allowed-text' : now ? 'text-asked-text' : 'text-faint')}
    />
  )
}

function Approved({ progress: { approval, last_used } }: { progress: ToolProgress }) {
  if (!approval) return null
  return (
    <p className="text-muted">
      {approval.by === '' ? 'Approved' : `Approved by ${approval.by}, at level ${approval.level},`}{' '}
      <Time at={approval.at} />; its review is due by <Time at={approval.expires_at} />.{' '}
      {last_used ? (
        <>
          Last called <Time at={last_used} />.
        </>
      ) : (
        'Not called in the last three months.'
      )}
    </p>
  )
}
