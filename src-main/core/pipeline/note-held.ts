import type { Constraints } from '../../../shared/constraints.ts'
import { inWords, namesOf } from '../constraints/check-call.ts'
import { settersOf } from '../constraints/set-by.ts'
import type { Deps, SettledCall } from './call.ts'

/** What the bounds on running did to a call that was answered. */
export function noteHeld(
  { decision, bounding, checked, trail }: SettledCall,
  attempts: number,
  ms: number,
  deps: Deps,
): void {
  const note = (bound: keyof Constraints, detail: string) =>
    trail.bounded({ bound, ...namesOf(settersOf(bounding, bound)), result: 'held', detail })
  const { constraints } = decision
  if (constraints.max_runtime_sec !== undefined) note('max_runtime_sec', `it ran ${Math.ceil(ms)} ms`)
  if (constraints.max_retries !== undefined)
    note('max_retries', attempts === 1 ? 'one attempt' : `${attempts} attempts`)
  const counts = checked.counts.map((count) => `${deps.rates.held(count)} of ${inWords(count.limit)}`)
  if (counts.length > 0) note('rate_limit', counts.join(', '))
  for (const bound of sandboxed) if (constraints[bound] !== undefined) note(bound, 'the server runs in a sandbox')
}

const sandboxed = ['network_allowlist', 'read_paths', 'write_paths'] as const
