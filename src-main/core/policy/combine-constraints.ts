import type { Constraints } from '../../../shared/constraints.ts'
import { boundNames, boundOf } from './bounds.ts'
import type { Rule } from './rule.ts'

/** The bounds that a call runs under, and the bounds that cannot be met because rules exclude each other. */
export type Combined = { constraints: Constraints; conflicts: (keyof Constraints)[] }

/** The union of the constraints of all rules that match; what several set holds at once, as the table of bounds says. */
export function combineConstraints(rules: readonly Rule[]): Combined {
  const combined: Combined = { constraints: {}, conflicts: [] }
  const bounded = rules.filter(({ constraints }) => constraints !== unbounded)
  if (bounded.length === 0) return combined
  for (const name of boundNames) {
    const values = bounded.flatMap(({ constraints }) => (constraints[name] === undefined ? [] : [constraints[name]]))
    const [first, ...rest] = values as unknown[]
    if (first === undefined) continue
    const { both } = boundOf(name)
    const held = rest.reduce((held, value) => (held === null ? null : both(held, value)), first)
    if (held === null) combined.conflicts.push(name)
    else Object.assign(combined.constraints, { [name]: held })
  }
  return combined
}

/** What a rule that bounds nothing carries; always this one, so that most calls cost no look at the table. */
const unbounded: Constraints = Object.freeze({})

/** A rule's constraints as they are kept: only those that bound something. */
export function normalConstraints(given: Constraints | undefined): Constraints {
  const kept: [string, unknown][] = []
  for (const name of boundNames) {
    const value = given?.[name]
    const normal = value === undefined ? null : boundOf(name).normal(value)
    if (normal !== null) kept.push([name, normal])
  }
  return kept.length === 0 ? unbounded : (Object.fromEntries(kept) as Constraints)
}
