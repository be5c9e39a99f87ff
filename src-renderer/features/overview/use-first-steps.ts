import { useState } from 'react'
import type { CallRow } from '../../../shared/activity.ts'
import type { StatusView } from '../../../shared/calls.ts'
import type { FoundClient } from '../../../shared/client-config.ts'
import { useCall } from '../../use-call.ts'
import { nextStep, type StepName, stepsDone } from './first-steps.ts'

/** How far a newcomer has come; null until the gateway has said all of it. */
export type Progress = {
  done: ReadonlyMap<StepName, boolean>
  next: StepName | null
  found: readonly FoundClient[]
  /** Goes on without observe mode. */
  skip: () => void
}

const keptAs = 'toolgate.no-observe'

/** The first steps, live. */
export function useFirstSteps(status: StatusView | undefined, calls: readonly CallRow[] | undefined): Progress | null {
  const { value: clients } = useCall('clients.list', {}, ['clients'])
  const looked = useCall('configs.find', {}, ['clients', 'servers'])
  const [skipped, setSkipped] = useState(localStorage.getItem(keptAs) === 'yes')
  // Clients that cannot be looked for are told by hand.
  const found = looked.value ?? (looked.error ? [] : null)
  if (!status || !clients || !found || !calls) return null
  const done = stepsDone({ status, clients, found, calls, skipped })
  const skip = () => {
    localStorage.setItem(keptAs, 'yes')
    setSkipped(true)
  }
  return { done, next: nextStep(done), found, skip }
}
