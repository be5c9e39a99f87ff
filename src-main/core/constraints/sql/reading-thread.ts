import { Worker } from 'node:worker_threads'
import { askThread, TookTooLong } from '../../ask-thread.ts'
import type { Dialect } from './dialects.ts'
import type { Question } from './read-sql.ts'
import type { SqlBounds, SqlVerdict } from './verdict.ts'

/** For reading one text. */
const patience = { ownMs: 50, ms: 1000 }
/** For starting the thread and loading a parser. */
const loading = { ownMs: 10_000, ms: 10_000 }
/** Texts that may wait for their turn. */
const maxWaiting = 64
/** Milliseconds without a text after which the thread is ended. */
const idleMs = 10_000

/** Beside this file, as source and as built. */
const program = new URL(import.meta.url.endsWith('.ts') ? './read-sql.ts' : './read-sql.js', import.meta.url)

/** Reads SQL beside the event loop, one text at a time. */
export type ReadingThread = {
  /** Never rejects: a text that could not be read in time is refused. */
  read: (text: string, dialect: Dialect, bounds: SqlBounds) => Promise<SqlVerdict>
  /** Whether a thread runs, and holds its memory, right now. */
  running: () => boolean
  close: () => void
}

const tooLong: SqlVerdict = { ok: false, bound: null, why: 'the SQL takes too long to read; write it more plainly' }
const broken: SqlVerdict = { ok: false, bound: null, why: 'what reads SQL has failed; try again, or restart Toolgate' }

/** Makes what reads SQL. The thread starts with the first text, ends when it is not needed, and keeps nobody alive. */
export function readingThread(): ReadingThread {
  let worker: Worker | null = null
  let ready = new Set<Dialect>()
  let idle: NodeJS.Timeout | undefined
  let waiting = 0
  let turn: Promise<unknown> = Promise.resolve()
  let closed = false

  function stop(): void {
    const ending = worker
    worker = null
    ready = new Set()
    ending?.removeAllListeners('message')
    void ending?.terminate()
  }

  function running(): Worker {
    if (worker) return worker
    const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 96, stackSizeMb: 4 }
    const started = new Worker(program, { name: 'sql', execArgv: [], env: {}, resourceLimits })
    started.unref()
    started.once('exit', () => {
      if (worker === started) stop()
    })
    worker = started
    return started
  }

  async function inTurn(text: string, dialect: Dialect, bounds: SqlBounds): Promise<SqlVerdict> {
    clearTimeout(idle)
    if (closed) return broken
    try {
      const thread = running()
      if (!ready.has(dialect)) {
        await askThread(thread, { text: null, dialect, bounds: {} } satisfies Question, loading)
        ready.add(dialect)
      }
      return await askThread<SqlVerdict>(thread, { text, dialect, bounds } satisfies Question, patience)
    } catch (error) {
      stop()
      return error instanceof TookTooLong ? tooLong : broken
    } finally {
      idle = setTimeout(stop, idleMs)
      idle.unref()
    }
  }

  return {
    read(text, dialect, bounds) {
      if (waiting >= maxWaiting) {
        const why = `more than ${maxWaiting} SQL texts wait to be read; try again later`
        return Promise.resolve({ ok: false, bound: null, why })
      }
      waiting += 1
      const verdict = turn
        .then(() => inTurn(text, dialect, bounds))
        .finally(() => {
          waiting -= 1
        })
      turn = verdict
      return verdict
    },
    running: () => worker !== null,
    close() {
      closed = true
      clearTimeout(idle)
      stop()
    },
  }
}
