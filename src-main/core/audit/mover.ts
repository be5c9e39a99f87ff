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
  const worker = new Worker(program, { workerData: database, name: 'audit', execArgv: [], env: {} })
  worker.unref()
  let waiting: PromiseWithResolvers<void> | null = null
  let failure: Error | null = null

  function ended(error: Error): void {
    failure ??= error
    waiting?.reject(failure)
    waiting = null
  }
  worker
    .on('message', () => {
      waiting?.resolve()
      waiting = null
    })
    .on('error', ended)
    .on('exit', () => ended(new Error('the thread that moves records has ended')))

  return {
    move(range) {
      if (failure) return Promise.reject(failure)
      waiting = Promise.withResolvers()
      worker.postMessage(range)
      return waiting.promise
    },
    close: () => worker.postMessage(null),
  }
}
