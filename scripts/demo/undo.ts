/** What has to be ended or removed when the demo ends, however that happens; last begun, first ended. */
export type Undo = {
  add: (end: () => void | Promise<void>) => void
  /** Does all of it, also when some of it fails; then throws the first failure. */
  all: () => Promise<void>
}

/** Starts with nothing to undo. */
export function createUndo(): Undo {
  const ends: (() => void | Promise<void>)[] = []
  return {
    add: (end) => void ends.push(end),
    async all() {
      const failures: unknown[] = []
      for (let end = ends.pop(); end; end = ends.pop()) {
        try {
          await end()
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}
