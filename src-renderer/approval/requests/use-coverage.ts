import type { ApprovalView, GrantChoice, GrantCoverage } from '../../../shared/approval.ts'
import { useCall } from '../../use-call.ts'

/** A call that an offer would have covered. */
export type CoveredCall = GrantCoverage['calls'][number]

/** What an offer would have covered, as far as that is told. */
export type Covered = { calls: readonly CoveredCall[]; unknown: number }

const hourMs = 3_600_000

/** What each offer for a request would have covered in the last week; null while that is not known. Asked once for each request. */
export function useCoverage({ id }: Pick<ApprovalView, 'id'>, asks: boolean) {
  const { value } = useCall('approvals.coverage', asks ? { id } : null, ['policy'])
  return (offer: string): Covered | null => value?.find((it) => it.offer === offer) ?? null
}

/** Of the calls that an offer would have covered, those within a duration that is chosen, had it begun that long ago. */
export function within(
  calls: readonly CoveredCall[],
  { duration, hours = 0 }: Omit<GrantChoice, 'offer'>,
  now: number,
) {
  if (duration === 'once') return calls.slice(0, 1)
  if (duration === 'session') return calls.filter(({ same_session }) => same_session)
  if (duration === 'hours') return calls.filter(({ at }) => Date.parse(at) >= now - hours * hourMs)
  return calls
}
