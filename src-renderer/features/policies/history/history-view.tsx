import { useLocation } from 'wouter'
import type { PolicyPast } from '../../../../shared/policy-tools.ts'
import { isAt, places } from '../../../places.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, Section } from '../../../ui/card.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/states.tsx'
import { useCall } from '../../../use-call.ts'
import type { PolicyViewProps } from '../page-props.ts'
import { PastList } from './past-list.tsx'
import { PastPolicy } from './past-policy.tsx'

/** Former policies that are listed. */
const most = 500

/** Every policy that was in force: who wrote and confirmed it, why and when, what it changed, and the way back to it. */
export function HistoryView({ policy }: PolicyViewProps) {
  const [location] = useLocation()
  const { value, error, refresh } = useCall('policy.history', { limit: most }, ['policy'])
  if (error && !value) {
    const retry = <Button onClick={refresh}>Try again</Button>
    return (
      <ErrorState compact title="The history cannot be read" why={error.message} hint={error.hint} action={retry} />
    )
  }
  if (!value) return <Skeleton className="h-96 w-full" />
  if (value.length === 0) {
    return (
      <Card>
        <EmptyState title="No policy has been in force yet">
          <p>The first one is kept here, word for word, as soon as the files have no mistake.</p>
        </EmptyState>
      </Card>
    )
  }
  const at = Math.max(0, indexIn(location, value))
  const chosen = value[at] as PolicyPast
  return (
    <div className="grid grid-cols-1 items-start gap-6 @4xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <Section title={`Policies that were in force (${value.length})`}>
        <PastList past={value} chosen={at} />
        {value.length === most && <p className="text-muted">Older ones are listed by toolgate policy history.</p>}
      </Section>
      <PastPolicy
        key={`${chosen.hash} ${chosen.in_force_at}`}
        past={chosen}
        before={value[at + 1] ?? null}
        rules={chosen.hash === policy.snapshot}
      />
    </div>
  )
}

/** A policy may have been in force several times: the address of each says which. */
function indexIn(location: string, past: readonly PolicyPast[]): number {
  return past.findIndex(
    ({ hash, in_force_at }) =>
      isAt(location, places.pastPolicy(hash, in_force_at)) || isAt(location, places.pastPolicy(hash)),
  )
}
