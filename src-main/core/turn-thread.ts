import { Worker, type WorkerOptions } from 'node:worker_threads'

/** What a thread runs, and how long it is kept. */
export type ThreadOptions = Pick<WorkerOptions, 'name' | 'env' | 'resourceLimits' | 'workerData'> & {
  program: URL
  /** Who may wait for their turn. */
  maxWaiting: number
  /** Milliseconds without work after which it is ended. */
  idleMs: number
}

/** Work that was refused because too much of it waits already. */
export class ManyWait extends Error {}

/** A thread that serves one after the other. It starts with the first, ends when it is not needed, and keeps nobody alive. */
export type TurnThread = {
  /**
   * Runs `work` with the thread once all that came before is done. Rejects as `work` does, which ends the thread; with ManyWait when too many
   * wait; and when it is closed.
   */
  inTurn: <T>(work: (thread: Worker) => Promise<T>) => Promise<T>
  /** Whether a thread runs, and holds its memory, right now. */
  running: () => boolean
  close: () => void
}

/** Makes such a thread; it sees nothing of this process's environment, unless told otherwise. */
export function createTurnThread({ program, maxWaiting, idleMs, ...options }: ThreadOptions): TurnThread {
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let waiting = 0
  let turn: Promise<unknown> = Promise.resolve()
  let closed = false

  function stop(): void {
    const ending = worker
    worker = null
    ending?.removeAllListeners('message')
    void ending?.terminate()
  }

  function started(): Worker {
    if (worker) return worker
    const one = new Worker(program, { execArgv: [], env: {}, ...options })
    one.unref()
    one.once('exit', () => {
      if (worker === one) stop()
    })
    // One that breaks between two turns has nobody else who listens; the next turn starts another.
    one.on('error', () => {})
    worker = one
    return one
  }

  async function take<T>(work: (thread: Worker) => Promise<T>): Promise<T> {
    clearTimeout(idle)
    if (closed) throw new Error(`the thread \`${options.name}\` is closed`)
    try {
      return await work(started())
    } catch (error) {
      stop()
      throw error
    } finally {
      idle = setTimeout(stop, idleMs)
      idle.unref()
    }
  }

  return {
    async inTurn(work) {
      if (waiting >= maxWaiting) throw new ManyWait(`more than ${maxWaiting} wait for the thread \`${options.name}\``)
      waiting += 1
      const taken = turn
        .catch(() => {})
        .then(() => take(work))
        .finally(() => {
          waiting -= 1
        })
      turn = taken
      return taken
    },
    running: () => worker !== null,
    close() {
      closed = true
      clearTimeout(idle)
      stop()
    },
  }
}
