/** A waiting change of policy: what it loosens, what it tightens, and anything else that is said of it. */
export type PolicyChanges = { loosens: string[]; tightens: string[] }

/** Sorts the sentences of a waiting change. What does not say that it tightens counts as loosening. */
export function policyChanges(changes: readonly string[]): PolicyChanges {
  const tighter = 'tightens: '
  return {
    loosens: changes.filter((change) => !change.startsWith(tighter)).map((change) => change.replace(/^loosens: /, '')),
    tightens: changes.filter((change) => change.startsWith(tighter)).map((change) => change.slice(tighter.length)),
  }
}
