/** What has to be ended or removed when the demo ends, however that happens; last begun, first ended. */
export type Undo = { add: (end: () => void | Promise<void>) => void; all: () => Promise<void> }

/** Starts with nothing to undo. */
export function createUndo(): Undo {
  const ends: (() => void | Promise<void>)[] = []
  return {
    add: (end) => void ends.push(end),
    async all() {
      for (let end = ends.pop(); end; end = ends.pop()) await end()
    },
  }
}
