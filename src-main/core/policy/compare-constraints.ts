import type { Constraints } from '../../../shared/decision.ts'
import type { Comparison } from './compare.ts'
import { describeConstraints } from './describe.ts'

const numbers = ['max_runtime_sec', 'max_retries'] as const

/** Adds one sentence when the constraints of a rule changed: tighter only when every single bound is at least as tight. */
export function compareConstraints(name: string, before: Constraints, after: Constraints, result: Comparison): void {
  const [was, is] = [describeConstraints(before), describeConstraints(after)]
  if (was === is) return
  const sentence = `${name} runs calls with ${is || 'no constraints'} where it ran them with ${was || 'no constraints'}`
  const tighter = numbers.every((key) => atMost(after[key], before[key])) && listTighter(before, after)
  if (tighter) result.tightens.push(sentence)
  else result.loosens.push(sentence)
}

function atMost(after: number | undefined, before: number | undefined): boolean {
  return before === undefined || (after !== undefined && after <= before)
}

/**
 * An allowlist that becomes empty is no proof: together with another empty one it means "no network", where the two excluded
 * each other before and the call was denied.
 */
function listTighter(before: Constraints, after: Constraints): boolean {
  const [was, is] = [before.network_allowlist, after.network_allowlist]
  if (was === undefined) return true
  if (is === undefined) return false
  return is.every((host) => was.includes(host)) && (is.length > 0 || was.length === 0)
}
