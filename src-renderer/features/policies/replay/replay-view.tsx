import { useMemo } from 'react'
import type { PolicyReplay } from '../../../../shared/policy-tools.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, Section } from '../../../ui/card.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/states.tsx'
import { BrokenPolicy } from '../broken-policy.tsx'
import { DaysSelect, useDays } from '../days-select.tsx'
import { PolicySelect } from '../policy-select.tsx'
import { usePolicyChoice } from '../use-policy-choice.ts'
import { useQuiet, useSteady } from '../use-settled.ts'
import { ReplayBar } from './replay-bar.tsx'
import { ReplayChanges } from './replay-changes.tsx'
import { ReplayFigures } from './replay-figures.tsx'

/** Calls that are decided again at most, and changes that are named. */
const most = { calls: 200_000, named: 500 } as const

/** What a policy would have done with the calls of the last days, before it rules. */
export function ReplayView() {
  const { chosen, choices, choose } = usePolicyChoice()
  const { days, setDays } = useDays(7)
  const policy = useQuiet(chosen.source)
  const input = useMemo(() => ({ policy, since_days: days, limit: most.calls, list: most.named }), [policy, days])
  const { value, error, loading, refresh } = useSteady('policy.replay', input, ['policy'])
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-end gap-4">
        <PolicySelect choices={choices} chosen={chosen} onChoose={choose} />
        <DaysSelect days={days} onChange={setDays} />
        <Button loading={loading && value !== undefined} onClick={refresh}>
          Replay again
        </Button>
      </div>
      {error ? (
        <ErrorState compact title="The calls cannot be replayed" why={error.message} hint={error.hint} />
      ) : value ? (
        <Replayed replay={value} policy={chosen.id} />
      ) : (
        <Skeleton className="h-64 w-full" />
      )}
    </div>
  )
}

function Replayed({ replay, policy }: { replay: PolicyReplay; policy: string }) {
  const { problems, calls, cannot, changes, more, cut, took_ms } = replay
  if (problems.length > 0) return <BrokenPolicy problems={problems} />
  if (calls + cannot.calls === 0) {
    return (
      <Card>
        <EmptyState title="No call is on record in these days">
          <p>Look further back, or come back once your clients have called something.</p>
        </EmptyState>
      </Card>
    )
  }
  return (
    <>
      <section aria-label="What the calls would come to" className="flex flex-col gap-3">
        <ReplayFigures replay={replay} />
        <ReplayBar replay={replay} />
        <p className="text-muted">
          {(calls + cannot.calls).toLocaleString('en')} calls decided again in {Math.max(1, Math.round(took_ms))} ms,
          and compared with what was decided then.
          {cut && ' There are more in these days; the newest were taken.'}
          {cannot.calls > 0 && ` ${needs(cannot.needs)}`}
        </p>
      </section>
      <Section title="Calls that would be decided otherwise">
        <ReplayChanges changes={changes} more={more} policy={policy} />
      </Section>
    </>
  )
}

function needs(of: Record<string, number>): string {
  const named = Object.entries(of).map(([what, count]) => `${what} (${count.toLocaleString('en')})`)
  return `What cannot be replayed needs something that the record does not keep: ${named.join(', ')}.`
}
