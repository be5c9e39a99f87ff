const kept = 20
const longest = 64

/** Counts what was refused because no server has the name that was given, and keeps the first such names. */
export function createUnknownServers() {
  const names = new Set<string>()
  let refused = 0
  return {
    note(name: string): void {
      refused++
      if (names.size < kept) names.add(name.slice(0, longest))
    },
    view: () => ({ refused, names: [...names] }),
  }
}
