import { BellOff } from 'lucide-react'
import { useState } from 'react'
import type { NoiseView as Noise } from '../../../shared/fatigue.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { NoisyRules } from './noisy-rules.tsx'
import { NoisyTools } from './noisy-tools.tsx'
import { PromptsChart } from './prompts-chart.tsx'
import { Suggestions } from './suggestions.tsx'

const spans = [
  { days: 1, name: 'A day' },
  { days: 7, name: 'A week' },
  { days: 30, name: 'A month' },
] as const

/** How much people are asked, what came of it, and what asked most, with the way to what would make it less. */
export function NoiseView() {
  const [days, setDays] = useState(7)
  const { value, error, refresh } = useCall('approvals.noise', { days }, ['approvals', 'policy'])
  if (!value && error) {
    const retry = <Button onClick={refresh}>Try again</Button>
    return <ErrorState title="The figures cannot be shown" why={error.message} hint={error.hint} action={retry} />
  }
  return (
    <div className="flex flex-col gap-6">
      <fieldset className="flex gap-2">
        <legend className="sr-only">How far back</legend>
        {spans.map((span) => (
          <Button
            key={span.days}
            size="small"
            look={span.days === days ? 'secondary' : 'ghost'}
            aria-pressed={span.days === days}
            onClick={() => setDays(span.days)}
          >
            {span.name}
          </Button>
        ))}
      </fieldset>
      <Suggestions />
      {value ? <Figures noise={value} /> : <Skeleton className="h-40 w-full" />}
    </div>
  )
}

function Figures({ noise }: { noise: Noise }) {
  if (noise.prompts === 0) {
    return (
      <Card>
        <EmptyState icon={<BellOff size={24} />} title="Nobody was asked anything">
          <p>Once a rule asks about calls, this shows how often, how that was answered, and which rules ask most.</p>
        </EmptyState>
      </Card>
    )
  }
  return (
    <>
      <Section title="How often you were asked">
        <Card className="p-4">
          <PromptsChart perHour={noise.per_hour} />
        </Card>
      </Section>
      <Section title="What came of it">
        <Card className="p-4">
          <Facts facts={factsOf(noise)} />
          {(noise.under_a_second ?? 0) >= 0.25 && (
            <p className="mt-3 text-asked-text">
              Many answers came within a second: nobody reads a call so fast. Fewer questions would be read again.
            </p>
          )}
        </Card>
      </Section>
      <Section title="Rules that asked most">
        <Card className="overflow-x-auto">
          <NoisyRules rules={noise.rules} />
        </Card>
      </Section>
      <Section title="Tools that were asked about most">
        <Card className="overflow-x-auto">
          <NoisyTools tools={noise.tools} />
        </Card>
      </Section>
    </>
  )
}

function factsOf({ prompts, outcomes, queue, ...noise }: Noise) {
  const unanswered = `${outcomes.expired} ran out, ${outcomes.cancelled} were given up, ${outcomes.pending} wait`
  return [
    ['Asked', `${prompts} times, ${(prompts / noise.per_hour.length).toFixed(1)} an hour`],
    ['Answered', `${outcomes.approved} allowed, ${outcomes.denied} denied`],
    ['Not answered', unanswered],
    ['Median time to an answer', seconds(noise.median_decision_ms)],
    ['Median wait of a caller', seconds(noise.median_wait_ms)],
    ['Answered within a second', share(noise.under_a_second)],
    ['Waiting at once', `at most ${queue.max}, ${queue.mean < 0.1 ? 'hardly any' : queue.mean.toFixed(1)} on average`],
  ] as const
}

function seconds(ms: number | null): string {
  if (ms === null) return 'not known yet'
  return ms < 90_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`
}

function share(part: number | null): string {
  return part === null ? 'not known yet' : `${Math.round(part * 100)} %`
}
