import type { Constraints } from '../../../shared/decision.ts'
import type { Rule } from './rule.ts'

/** The bounds that a call runs under, and the bounds that cannot be met because rules exclude each other. */
export type Combined = { constraints: Constraints; conflicts: (keyof Constraints)[] }

/**
 * The union of the constraints of all rules that match: of a number the smallest, of a list what all lists share. Lists that
 * share nothing are a conflict, unless every one of them is empty: then all agree on "none".
 */
export function combineConstraints(rules: readonly Rule[]): Combined {
  const combined: Combined = { constraints: {}, conflicts: [] }
  const { constraints } = combined
  const lists: string[][] = []
  for (const { constraints: own } of rules) {
    if (own.max_runtime_sec !== undefined) {
      constraints.max_runtime_sec = Math.min(
        own.max_runtime_sec,
        constraints.max_runtime_sec ?? Number.POSITIVE_INFINITY,
      )
    }
    if (own.max_retries !== undefined) {
      constraints.max_retries = Math.min(own.max_retries, constraints.max_retries ?? Number.POSITIVE_INFINITY)
    }
    if (own.network_allowlist !== undefined) lists.push(own.network_allowlist)
  }
  const [first, ...rest] = lists
  if (first) {
    const shared = first.filter((host) => rest.every((list) => list.includes(host)))
    constraints.network_allowlist = shared
    if (shared.length === 0 && lists.some((list) => list.length > 0)) combined.conflicts.push('network_allowlist')
  }
  return combined
}
