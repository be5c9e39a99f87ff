import type { PolicyDiff, PolicyReplay, PolicySource, PolicyTestReport } from '../../../../shared/policy-tools.ts'
import type { PolicyProblem } from '../../../../shared/policy-view.ts'
import type { CallFailure } from '../../../call.ts'
import { useSteady } from '../use-settled.ts'

/** Days that the short replay beside the editor looks back, and calls that it takes at most. */
const glance = { days: 7, calls: 20_000 } as const

/** What the gateway says of a draft. What is not known yet is undefined; `busy`: it is being asked. */
export type DraftCheck = {
  problems: readonly PolicyProblem[]
  tests: PolicyTestReport['tests']
  diff: PolicyDiff | undefined
  replay: PolicyReplay | undefined
  busy: boolean
  failure: CallFailure | null
}

/** Asks the gateway itself, with everything else that lies in the folder, so that nothing is told here that it would not do. */
export function useDraftCheck(policy: PolicySource): DraftCheck {
  const tested = useSteady('policy.test', { policy }, ['policy'])
  const sound = tested.value !== undefined && tested.value.problems.length === 0
  const diff = useSteady('policy.diff', sound ? { from: 'in_force', to: policy } : null, ['policy'])
  const replay = useSteady(
    'policy.replay',
    sound ? { policy, since_days: glance.days, limit: glance.calls, list: 0 } : null,
    ['policy'],
  )
  return {
    problems: tested.value?.problems ?? none,
    tests: tested.value?.tests ?? [],
    diff: sound ? diff.value : undefined,
    replay: sound ? replay.value : undefined,
    busy: tested.loading || (sound && diff.loading),
    failure: tested.error ?? diff.error ?? replay.error,
  }
}

/** The same list each time, so that what is drawn from it is not drawn anew. */
const none: readonly PolicyProblem[] = []
