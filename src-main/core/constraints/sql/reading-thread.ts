import { Worker } from 'node:worker_threads'
import type { Dialect } from './dialects.ts'
import type { Question } from './read-sql.ts'
import type { SqlBounds, SqlVerdict } from './verdict.ts'

/** Milliseconds of its own processor time that reading one text may take. */
const maxOwnMs = 50
/** Milliseconds by the clock, for a machine that has other things to do. */
const maxMs = 1000
/** Milliseconds between two looks at it. */
const lookMs = 10
/** Milliseconds for starting the thread and loading a parser. */
const maxLoadMs = 10_000
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

class TookTooLong extends Error {}

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
        await answer(thread, { text: null, dialect, bounds: {} }, maxLoadMs, maxLoadMs)
        ready.add(dialect)
      }
      return await answer(thread, { text, dialect, bounds }, maxOwnMs, maxMs)
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

/**
 * The thread's answer. Rejects when it ends, or takes longer than it may. Its processor time is what counts first, so that a text is
 * not refused because the machine is busy.
 */
async function answer(thread: Worker, question: Question, ownMs: number, ms: number): Promise<SqlVerdict> {
  const { promise, resolve, reject } = Promise.withResolvers<SqlVerdict>()
  const began = performance.now()
  let before: number | null = null
  thread.once('message', resolve).once('error', reject).once('exit', reject)
  // Most texts are read before this looks for the first time.
  const watch = setInterval(async () => {
    const own = await ownMsOf(thread)
    before ??= own
    if ((own ?? 0) - (before ?? 0) > ownMs - lookMs || performance.now() - began > ms) reject(new TookTooLong())
  }, lookMs)
  watch.unref()
  // What is waited for keeps this process alive no longer than who waits.
  thread.postMessage(question)
  try {
    return await promise
  } finally {
    clearInterval(watch)
    thread.off('message', resolve).off('error', reject).off('exit', reject)
  }
}

/** Milliseconds of processor time that a thread has used; null when it does not say. */
async function ownMsOf(thread: Worker): Promise<number | null> {
  const used = await thread.cpuUsage().catch(() => null)
  return used && (used.user + used.system) / 1000
}
