import { ArrowRight } from 'lucide-react'
import type { PolicyExplanation, Verdict } from '../../../../shared/policy-tools.ts'
import { asSentence } from '../../../say/as-sentence.ts'
import { Hint } from '../../../ui/hint.tsx'
import { VerdictChip } from '../verdict-chip.tsx'

type DecisionCardProps = {
  explained: PolicyExplanation
  /** Under the policy in force, when another is asked. */
  before: PolicyExplanation | null
  /** The policy that is asked. */
  words: string
}

/** What is decided and which line of the order decided it, beside what was or is decided otherwise. */
export function DecisionCard({ explained, before, words }: DecisionCardProps) {
  const { decision, recorded, line } = explained
  const other = before ? before.decision : recorded
  const told = before ? 'The policy in force' : 'When it was called'
  return (
    <section aria-label="Decision" className="rounded-md border border-line bg-raised">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2.5">
        <Side name={told} verdict={other} />
        <ArrowRight size={14} className="text-faint" aria-hidden="true" />
        <Side name={words} verdict={decision} />
        {other && decision && (
          <span className="ml-auto text-muted">{alike(other, decision) ? 'the same' : 'decided otherwise'}</span>
        )}
      </div>
      <div className="border-line border-t px-3 py-2.5">
        {decision && (
          <p>
            <Hint text={asSentence(decision.reason)} />
          </p>
        )}
        <p className="text-muted">
          {line.number > 0 && <b className="text-ink">Line {line.number} of the order decides: </b>}
          <Hint text={line.number > 0 ? `${line.says}.` : asSentence(line.says)} />
        </p>
      </div>
    </section>
  )
}

function Side({ name, verdict }: { name: string; verdict: Verdict | null }) {
  return (
    <span className="inline-flex items-center gap-2">
      <span className="text-muted">{name}</span>
      {verdict ? <VerdictChip verdict={verdict} /> : <span>cannot be told</span>}
    </span>
  )
}

function alike(a: Verdict, b: Verdict): boolean {
  return a.effect === b.effect && a.level === b.level && a.code === b.code
}
