import type { CallDetail } from '../../../shared/activity.ts'

type Entry = CallDetail['records'][number]

/** The record in which policy decided last; the last record of a call may repeat it with how the call ended. Undefined when policy was never asked. */
export function decisionOf(records: readonly Entry[]): Entry | undefined {
  return (
    records.findLast(({ state, policy_decision }) => state === 'decided' && policy_decision !== undefined) ??
    records.findLast(({ policy_decision }) => policy_decision !== undefined)
  )
}
