import type { CallRow } from '../../../shared/activity.ts'
import type { StatusView } from '../../../shared/calls.ts'
import { useCall } from '../../use-call.ts'
import { nextStep, type StepName, stepsDone } from './first-steps.ts'

/** How far a newcomer has come; null until the gateway has said all of it. */
export type Progress = { done: Record<StepName, boolean>; next: StepName | null }

/** The first steps, live. */
export function useFirstSteps(status: StatusView | undefined, calls: readonly CallRow[] | undefined): Progress | null {
  const { value: clients } = useCall('clients.list', {}, ['clients'])
  if (!status || !clients || !calls) return null
  const done = stepsDone({ status, clients, calls })
  return { done, next: nextStep(done) }
}
