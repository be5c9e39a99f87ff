import type { Constraints } from '../../../shared/constraints.ts'
import { boundNames, boundOf } from './bounds.ts'
import type { Comparison } from './compare.ts'
import { describeConstraints } from './describe.ts'

/** Adds one sentence when the constraints of a rule changed: tighter only when every single bound is at least as tight. */
export function compareConstraints(name: string, before: Constraints, after: Constraints, result: Comparison): void {
  const [was, is] = [describeConstraints(before), describeConstraints(after)]
  if (was === is) return
  const sentence = `${name} runs calls with ${is || 'no constraints'} where it ran them with ${was || 'no constraints'}`
  const tighter = boundNames.every(
    (bound) =>
      before[bound] === undefined ||
      (after[bound] !== undefined && boundOf(bound).tighter(after[bound], before[bound])),
  )
  if (tighter) result.tightens.push(sentence)
  else result.loosens.push(sentence)
}
