import { clsx } from 'clsx'
import { useLocation } from 'wouter'
import type { CallDetail } from '../../../shared/activity.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { asSentence } from '../../say/as-sentence.ts'
import { lookOfCall } from '../../say/call-outcome.ts'
import { reasonWords } from '../../say/call-sentence.ts'
import { Button } from '../../ui/button.tsx'
import { Hint } from '../../ui/hint.tsx'
import { tones } from '../../ui/tone.tsx'
import { decisionOf } from './decision-of.ts'
import { hintOf, nextSteps } from './next-step.ts'

/** Why a call was refused or ended badly, and what to do next; nothing for one that ran. */
export function Refusal({ detail }: { detail: CallDetail }) {
  const { row } = detail
  const [, go] = useLocation()
  if (row.reason_code === null) return null
  const { tone } = lookOfCall(row)
  const message = reasonWords(row.reason_code)?.message ?? row.reason_code
  // Often the sentence of the code and that of the decision say the same: then the fuller one is enough.
  // Why a call was let through does not explain how it ended.
  const letThrough = row.decision !== 'DENY' && row.reason === decisionOf(detail.records)?.reason
  const fuller = letThrough || row.reason?.startsWith(message) ? null : row.reason
  const hint = hintOf(row)
  const steps = nextSteps(detail)
  return (
    <section aria-label="Why it was refused" className={clsx('rounded-md border p-3', tones[tone].box)}>
      <p className="font-strong">
        <Hint text={asSentence(fuller === null && !letThrough ? (row.reason ?? message) : message)} />
      </p>
      {fuller !== null && (
        <p className="mt-1 text-ink">
          <Hint text={asSentence(fuller)} />
        </p>
      )}
      {hint !== null && (
        <p className="mt-1 text-muted">
          <Hint text={`What to do: ${hint}.`} />
        </p>
      )}
      {steps.length > 0 && (
        <div className="mt-3 flex flex-wrap gap-2 text-ink">
          {steps.map((step) =>
            'to' in step ? (
              <Button key={step.words} size="small" onClick={() => go(step.to)}>
                {step.words}
              </Button>
            ) : (
              <OpenApprovalsButton key={step.words} at={step.approvals} size="small">
                {step.words}
              </OpenApprovalsButton>
            ),
          )}
        </div>
      )}
    </section>
  )
}
