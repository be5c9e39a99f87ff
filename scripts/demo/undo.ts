import { DemoError } from './expect.ts'

/** What has to be ended or removed when the demo ends, however that happens. */
export type Undo = {
  /** Begins something that `end` undoes; throws `DemoError` when the demo is being undone already. */
  begin: <T>(start: () => T, end: (begun: T) => void | Promise<void>) => T
  /** Undoes all of it, last begun first, also when some of it fails; then throws the first failure. */
  all: () => Promise<void>
}

/** Starts with nothing to undo. */
export function createUndo(): Undo {
  const ends: (() => void | Promise<void>)[] = []
  let over = false
  return {
    begin(start, end) {
      if (over) throw new DemoError('the demo is over')
      const begun = start()
      ends.push(() => end(begun))
      return begun
    },
    async all() {
      over = true
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
