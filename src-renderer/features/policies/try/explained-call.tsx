import { Link } from 'wouter'
import type { PolicyExplanation } from '../../../../shared/policy-tools.ts'
import { places } from '../../../places.ts'
import { asSentence } from '../../../say/as-sentence.ts'
import { RiskFactors } from '../../../show/risk-factors.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card, Section } from '../../../ui/card.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Hint } from '../../../ui/hint.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/states.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'
import { useCall } from '../../../use-call.ts'
import { BrokenPolicy } from '../broken-policy.tsx'
import type { PolicyChoice } from '../policy-choice.ts'
import { useQuiet, useSteady } from '../use-settled.ts'
import { DecisionCard } from './decision-card.tsx'
import { ExplainedRules } from './explained-rules.tsx'

/** One recorded call under a policy; under another than the one in force, beside what that one says. */
export function ExplainedCall({ id, policy }: { id: string; policy: PolicyChoice }) {
  const source = useQuiet(policy.source)
  const call = { call_id: id }
  const asked = useSteady('policy.explain', { call, policy: source }, ['policy'])
  const now = useCall('policy.explain', policy.id === 'in_force' ? null : { call, policy: 'in_force' }, ['policy'])
  if (asked.value) {
    return <Explanation id={id} explained={asked.value} before={now.value ?? null} words={policy.words} />
  }
  if (!asked.error) return <Skeleton className="h-96 w-full" />
  if (asked.error.code === 'NOT_FOUND') {
    return (
      <Card>
        <EmptyState title="This call cannot be tried">
          <p>
            <Hint text={asSentence(asked.error.message)} /> It may have ended before policy was asked.
          </p>
        </EmptyState>
      </Card>
    )
  }
  return (
    <ErrorState
      compact
      title="The call cannot be tried"
      why={asked.error.message}
      hint={asked.error.hint}
      action={<Button onClick={asked.refresh}>Try again</Button>}
    />
  )
}

type ExplanationProps = { id: string; explained: PolicyExplanation; before: PolicyExplanation | null; words: string }

function Explanation({ id, explained, before, words }: ExplanationProps) {
  const { problems, bounds, risk, call, rules, left_out, missing } = explained
  return (
    <div className="flex flex-col gap-5">
      {problems.length > 0 ? (
        <BrokenPolicy problems={problems} />
      ) : (
        <DecisionCard explained={explained} before={before} words={words} />
      )}
      {missing.length > 0 && (
        <p className="text-muted">
          The record does not keep {missing.join(', ')} of this call. Rules that look at that are marked as unknown.
        </p>
      )}
      {rules.length > 0 && (
        <Section title="Rule by rule">
          <ExplainedRules rules={rules} leftOut={left_out} />
        </Section>
      )}
      {bounds.length > 0 && (
        <Section title="Bounds that it runs under">
          <Card className="px-3 py-2">
            <Facts
              facts={bounds.map(({ bound, value, rules: by }) => [
                bound,
                <span key={bound}>
                  <VisibleText text={value} />{' '}
                  <span className="text-muted">
                    from <VisibleText text={by.join(', ')} />
                  </span>
                </span>,
              ])}
            />
          </Card>
        </Section>
      )}
      <div className="grid grid-cols-1 gap-5 @3xl:grid-cols-2">
        <Section title={`Risk ${risk.score} of 100`}>
          <Card className="px-3 py-2">
            {risk.factors.length > 0 ? (
              <RiskFactors risk={risk} />
            ) : (
              <p className="text-muted">No factor adds to it.</p>
            )}
          </Card>
        </Section>
        <Section title="The call as policy sees it">
          <Card className="px-3 py-2">
            <Facts facts={call.map(({ name, value }) => [name, <VisibleText key={name} text={value} />])} />
          </Card>
        </Section>
      </div>
      <p>
        <Link href={places.call(id)} className="text-accent-text hover:underline">
          Its record in Activity
        </Link>
      </p>
    </div>
  )
}
