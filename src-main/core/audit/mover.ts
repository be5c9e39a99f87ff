import { Worker } from 'node:worker_threads'
import type { Range } from './journal.ts'

/** Moves records from a journal to the database beside the event loop, a range at a time. */
export type Mover = {
  /** Resolves once the records are in the database. Rejects when they cannot be moved now. */
  move: (range: Range) => Promise<void>
  close: () => void
}

/** Beside this file, as source and as built. */
const program = new URL(import.meta.url.endsWith('.ts') ? './move-records.ts' : './move-records.js', import.meta.url)

/** Starts the thread that moves a database's records. It keeps nobody alive; one that failed is not used again. */
export function startMover(database: string): Mover {
  // It holds a part of the journal at most: its memory need not grow with what passes through.
  const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 }
  const worker = new Worker(program, { workerData: database, name: 'audit', execArgv: [], env: {}, resourceLimits })
  worker.unref()
  /** In the order in which they were asked for, which is that of the answers. */
  let waiting: PromiseWithResolvers<void>[] = []
  let failure: Error | null = null

  function ended(error: Error): void {
    failure ??= error
    for (const { reject } of waiting) reject(failure)
    waiting = []
  }
  worker
    .on('message', () => {
      waiting.shift()?.resolve()
    })
    .on('error', ended)
    .on('exit', () => ended(new Error('the thread that moves records has ended')))

  return {
    move(range) {
      if (failure) return Promise.reject(failure)
      const asked = Promise.withResolvers<void>()
      waiting.push(asked)
      worker.postMessage(range)
      return asked.promise
    },
    close: () => worker.postMessage(null),
  }
}
